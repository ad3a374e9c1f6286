"""The stack of template.yaml on the emulator: deployed by SAM, then the few things that the emulator leaves undone."""

import hashlib
import io
import json
import os
import signal
import subprocess
import urllib.request
import zipfile

from . import build, clickhouse, processes
from .console import step
from .settings import ARTIFACTS, DATABASE, REGION, ROOT, STACK, Refusal, Settings

NAME = "emulator"
TEMPLATES = [ROOT / "template.yaml", *sorted((ROOT / "infra").glob("*.yaml"))]


def start_emulator(settings: Settings) -> None:
    processes.start(
        settings, NAME,
        [settings.python, str(ROOT / "infra/local/emulator/start.py")],
        processes.plain_environment(
            GATEWAY_PORT=str(settings.emulator_port), BIND_HOST="127.0.0.1",
            AWS_ENDPOINT_URL=settings.emulator_url, AWS_ACCESS_KEY_ID="test", AWS_SECRET_ACCESS_KEY="test",
            AWS_DEFAULT_REGION=REGION, PERSIST_STATE="1", STATE_DIR=str(settings.home / "state"),
            S3_PERSIST="1", S3_DATA_DIR=str(settings.home / "s3"), SFTP_ENABLED="0", IOT_MTLS_ENABLED="0",
            AGENTTRACE_FUNCTION_LOGS=str(settings.logs / "functions"),
            AGENTTRACE_SNAPSHOT_SECONDS=os.environ.get("AGENTTRACE_SNAPSHOT_SECONDS", "60"),
        ),
    )
    processes.wait_for(settings, NAME, lambda: emulator_answers(settings), within=60)


def emulator_answers(settings: Settings) -> bool:
    try:
        return urllib.request.urlopen(f"{settings.emulator_url}/_ministack/health", timeout=2).status == 200
    except OSError:
        return False


def client(settings: Settings, service: str, **more):
    """A client of this home's emulator, and of no other: the same port may be another stack's."""
    if not processes.pid_of(settings, NAME):
        raise Refusal(f"The stack of {settings.home} does not run (`cloud.py up` starts it), so nothing was done.")
    import botocore.config
    import botocore.session

    session = botocore.session.get_session()
    return session.create_client(service, endpoint_url=settings.emulator_url, region_name=REGION, aws_access_key_id="test",
                                 aws_secret_access_key="test", config=botocore.config.Config(
                                     read_timeout=900, retries={"total_max_attempts": 1}, s3={"addressing_style": "path"}, **more))


def parameters(settings: Settings) -> dict[str, str]:
    keys = settings.secrets()
    return {
        "OwnerEmail": settings.owner_email, "ClickHouseUrl": settings.clickhouse_url, "ClickHouseDatabase": DATABASE,
        "ClickHouseAdminUser": keys["admin_user"], "ClickHouseAdminPassword": keys["admin"],
        "ClickHouseWriterPassword": keys["writer"], "ClickHouseReaderPassword": keys["reader"],
        "Architecture": "x86_64" if os.uname().machine in ("x86_64", "AMD64") else "arm64",
        "MigrationsOnDeploy": "false", "MediaEndpoint": settings.emulator_url,
    }


def deploy(settings: Settings) -> None:
    """`sam deploy`, unless templates, parameters and bootstraps are those of the last one and the stack is there."""
    mark, wanted = settings.run / "deployed", fingerprint(settings)
    if mark.exists() and mark.read_text() == wanted and outputs(settings):
        return
    with step("Deploying template.yaml (sam deploy)"):
        bucket(settings)
        command = [
            settings.python, str(ROOT / "infra/local/localcloud/sam.py"), "deploy", "-t", str(ROOT / "template.yaml"), "--stack-name", STACK, "--region", REGION,
            "--s3-bucket", ARTIFACTS, "--capabilities", "CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND", "--no-confirm-changeset",
            "--no-fail-on-empty-changeset", "--no-progressbar", "--config-env", "local",
            "--parameter-overrides", *(f"{name}={value}" for name, value in parameters(settings).items()),
        ]
        log = settings.logs / "deploy.log"
        with log.open("w") as output:
            code = subprocess.run(command, cwd=ROOT, stdout=output, stderr=output, stdin=subprocess.DEVNULL, env=processes.plain_environment(
                AWS_ENDPOINT_URL=settings.emulator_url, AWS_ACCESS_KEY_ID="test", AWS_SECRET_ACCESS_KEY="test",
                AWS_DEFAULT_REGION=REGION, SAM_CLI_TELEMETRY="0")).returncode
        if code != 0:
            raise Refusal(f"sam deploy failed; the end of {log}:\n{processes.tail(log, 40)}")
        expire_by_ttl(settings)
        for name in drifted(settings):
            update_code(settings, name)
        (settings.run / "drifted").unlink(missing_ok=True)
        mark.write_text(wanted)
        snapshot(settings)


def fingerprint(settings: Settings) -> str:
    found = hashlib.sha256(json.dumps(parameters(settings), sort_keys=True).encode())
    found.update(build.digest(TEMPLATES).encode())
    for name in build.functions():
        stat = (build.BOOTSTRAPS / name / "bootstrap").stat()
        found.update(f"{name} {stat.st_size} {stat.st_mtime_ns}".encode())
    return found.hexdigest()


def bucket(settings: Settings) -> None:
    store = client(settings, "s3")
    if ARTIFACTS not in [found["Name"] for found in store.list_buckets()["Buckets"]]:
        store.create_bucket(Bucket=ARTIFACTS)


def outputs(settings: Settings) -> dict[str, str]:
    """The stack's outputs; empty when there is no complete stack."""
    try:
        found = client(settings, "cloudformation").describe_stacks(StackName=STACK)["Stacks"][0]
    except Exception:  # the emulator says it in several ways
        return {}
    if not found["StackStatus"].endswith("_COMPLETE") or "ROLLBACK" in found["StackStatus"]:
        return {}
    return {output["OutputKey"]: output["OutputValue"] for output in found.get("Outputs", [])}


def expire_by_ttl(settings: Settings) -> None:
    """The emulator ignores TimeToLiveSpecification of a template."""
    table = outputs(settings)["Table"]
    dynamodb = client(settings, "dynamodb")
    state = dynamodb.describe_time_to_live(TableName=table)["TimeToLiveDescription"].get("TimeToLiveStatus")
    if state != "ENABLED":
        dynamodb.update_time_to_live(TableName=table, TimeToLiveSpecification={"AttributeName": "ttl", "Enabled": True})


def snapshot(settings: Settings) -> None:
    """Asks the emulator to save its state now."""
    pid = processes.pid_of(settings, NAME)
    if pid:
        processes.send(pid, signal.SIGUSR1)


def function(name: str) -> str:
    return f"{STACK}-{name}"


def invoke(settings: Settings, name: str, payload: object = None) -> dict:
    answer = client(settings, "lambda").invoke(FunctionName=function(name), Payload=json.dumps({} if payload is None else payload))
    body = answer["Payload"].read()
    if answer.get("FunctionError"):
        raise Refusal(f"{name} failed: {body.decode(errors='replace')[:600]}\n{function_log(settings, name)}")
    return json.loads(body or b"null")


def function_log(settings: Settings, name: str) -> str:
    return processes.tail(settings.logs / "functions" / f"{function(name)}.log", 6)


def migrate(settings: Settings) -> None:
    """Runs `migrate` once for every deployment."""
    mark, wanted = settings.run / "migrated", fingerprint(settings)
    if mark.exists() and mark.read_text() == wanted:
        return
    with step("Creating tables and the first owner (migrate)"):
        invoke(settings, "migrate")
        if not settings.external_clickhouse:
            clickhouse.start(settings)  # with row policies for the tables that migrate made
        mark.write_text(wanted)
        snapshot(settings)


def first_access(settings: Settings) -> dict[str, str]:
    secret = client(settings, "secretsmanager").get_secret_value(SecretId=outputs(settings)["FirstAccess"])
    return json.loads(secret["SecretString"])


def update_code(settings: Settings, name: str) -> None:
    """Puts a function's bootstrap on the running stack without a deployment."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        entry = zipfile.ZipInfo("bootstrap")
        entry.external_attr = 0o755 << 16
        archive.writestr(entry, (build.BOOTSTRAPS / name / "bootstrap").read_bytes())
    client(settings, "lambda").update_function_code(FunctionName=function(name), ZipFile=packed.getvalue())


def note_drift(settings: Settings, name: str) -> None:
    """Remembers a function whose code SAM does not know, so that the next deployment puts it right."""
    (settings.run / "drifted").write_text("\n".join(sorted({*drifted(settings), name})))
    (settings.run / "deployed").unlink(missing_ok=True)


def drifted(settings: Settings) -> list[str]:
    path = settings.run / "drifted"
    return path.read_text().split() if path.exists() else []


def configure(settings: Settings, name: str, variables: dict[str, str | None]) -> None:
    """Sets environment variables of a running function (None removes one); its processes start anew."""
    functions = client(settings, "lambda")
    known = functions.get_function_configuration(FunctionName=function(name)).get("Environment", {}).get("Variables", {})
    merged = {key: value for key, value in (known | variables).items() if value is not None}
    if merged != known:
        functions.update_function_configuration(FunctionName=function(name), Environment={"Variables": merged})


def limit(settings: Settings, name: str, concurrency: int | None) -> None:
    functions = client(settings, "lambda")
    if concurrency is None:
        functions.delete_function_concurrency(FunctionName=function(name))
    else:
        functions.put_function_concurrency(FunctionName=function(name), ReservedConcurrentExecutions=concurrency)

