"""The story that every agent lives through: a shop whose test fails, told in one prompt; and how a truth is read from what the provider billed.

Counts are odd on purpose: no two calls cost the same, so that a sum is right only if every call is.
"""

import dataclasses
import pathlib
import subprocess

PROMPT = "The cart total ignores the percent discount. Find out why the tests fail, fix it and commit."
BRANCH = "fix/discount"
REPOSITORY = "https://git.example/acme/shop.git"
MESSAGE = "Apply the cart discount as a percentage"
TESTS = "python3 -m unittest -q"
SEARCH = "grep -n TODO shop/cart.py"
COMMIT = f'git add -A && git commit -q -m "{MESSAGE}"'
FINAL = "Fixed: the discount was taken off as cents. Both tests pass, and the change is committed."

SECRET = "ghp_" + "aZ3kQ9" * 6
"""Stands in a file that the agent reads. It may not leave the machine but in the agents' own telemetry."""
CART = f'''"""What a customer buys."""

STAGING_KEY = "{SECRET}"


def total(prices, discount=0):
    """The sum of the prices, with a discount in percent."""
    return sum(prices) - discount
'''
WRONG = "    return sum(prices) - discount"
RIGHT = "    return sum(prices) * (100 - discount) / 100"
TEST = '''import unittest

from shop.cart import total


class Total(unittest.TestCase):
    def test_sum(self):
        self.assertEqual(total([100, 250]), 350)

    def test_discount(self):
        self.assertEqual(total([100, 300], 25), 300)
'''


@dataclasses.dataclass(frozen=True)
class Tool:
    kind: str  # shell, read or edit
    command: str = ""
    path: str = ""
    old: str = ""
    new: str = ""


@dataclasses.dataclass(frozen=True)
class Step:
    text: str
    tools: list[Tool]
    usage: dict[str, int]


def usage(fresh: int, cache_read: int, cache_write: int, output: int, reasoning: int = 0) -> dict[str, int]:
    return {"fresh": fresh, "cache_read": cache_read, "cache_write": cache_write, "output": output, "reasoning": reasoning}


STEPS = [
    Step("I run the tests first.", [Tool("shell", TESTS)], usage(6, 0, 14872, 91, 32)),
    Step("The discount test fails; here is the code.", [Tool("read", path="shop/cart.py")], usage(5, 14872, 418, 74)),
    Step("It subtracts the percentage itself.", [Tool("edit", path="shop/cart.py", old=WRONG, new=RIGHT)], usage(5, 15290, 267, 203, 64)),
    Step("Is anything else left to do there?", [Tool("shell", SEARCH)], usage(5, 15557, 311, 66)),
    Step("Nothing. The tests once more.", [Tool("shell", TESTS)], usage(5, 15868, 96, 58)),
    Step("Both pass.", [Tool("shell", COMMIT)], usage(5, 15964, 133, 97)),
    Step(FINAL, [], usage(5, 16097, 158, 70)),
]
CODES = {TESTS: [1, 0], SEARCH: [1], COMMIT: [0]}
"""What each command ends with, in the order in which it is run."""

Price = tuple[float, float, float, float]
"""USD per million tokens: fresh input, output, cache read, cache written."""


def cost(count: dict[str, int], price: Price) -> float:
    buckets = (count["fresh"], count["output"], count["cache_read"], count["cache_write"])
    return sum(tokens * usd for tokens, usd in zip(buckets, price, strict=True)) / 1e6


def make_shop(folder: pathlib.Path, git: dict[str, str]) -> None:
    """The repository, with its test failing."""
    for name, text in {"shop/__init__.py": "", "shop/cart.py": CART, "tests/__init__.py": "", "tests/test_cart.py": TEST, ".gitignore": "__pycache__/\n.aider*\n"}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    for words in (["init", "-q", "-b", "main"], ["config", "user.name", "Dev One"], ["config", "user.email", "dev@example.com"], ["remote", "add", "origin", REPOSITORY],
                  ["add", "-A"], ["commit", "-q", "-m", "A shop"], ["checkout", "-q", "-b", BRANCH]):
        subprocess.run(["git", *words], cwd=folder, env=git, check=True)
