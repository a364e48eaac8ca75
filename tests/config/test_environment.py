"""A setting is right, or the process stops before it starts and says in one sentence which one is wrong."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from config.environment import ROOT, BadSetting, Environment, KeptSecrets

KEY = "0f" * 32
OTHER_KEY = "f0" * 32


def environment(tmp_path: Path, **values: str) -> Environment:
    return Environment(values=values, kept=KeptSecrets(tmp_path / "secrets"))


def test_values_are_read_by_type(tmp_path: Path) -> None:
    env = environment(
        tmp_path, TEXT=" Malee ", YES="1", NO="0", COUNT="12", WORDS="a, b,,c", PIN_KEYS=f"1:{KEY},3:{OTHER_KEY}"
    )
    assert env.text("TEXT") == "Malee"
    assert (env.flag("YES"), env.flag("NO"), env.flag("NEITHER")) == (True, False, False)
    assert (env.number("COUNT", 1), env.number("NO_COUNT", 1)) == (12, 1)
    assert env.words("WORDS") == ["a", "b", "c"]
    assert env.keys("PIN_KEYS") == {1: b"\x0f" * 32, 3: b"\xf0" * 32}


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("DEBUG", "yes", "The setting DEBUG must be 1 or 0."),
        ("WEB_THREADS", "0", "The setting WEB_THREADS must be a whole number from 1 to 64."),
        ("WEB_PORT", "-1", "The setting WEB_PORT must be a whole number from 0 to 65535."),
        ("PIN_KEYS", KEY, "The setting PIN_KEYS must be keys by version, each once, written 1:hex,2:hex."),
        (
            "PIN_KEYS",
            f"1:{KEY},1:{KEY}",
            "The setting PIN_KEYS must be keys by version, each once, written 1:hex,2:hex.",
        ),
        ("PIN_KEYS", "1:0f0f", "The setting PIN_KEYS must be 64 hex digits."),
        ("QR_KEY", "Z" * 64, "The setting QR_KEY must be 64 hex digits."),
        ("SECRET_KEY", "short", "The setting SECRET_KEY is shorter than 32 characters."),
        (
            "DATABASE_URL",
            "mysql://db.example/gwallet",
            "The setting DATABASE_URL must be an address that begins with postgresql:// or postgres://.",
        ),
        (
            "DATABASE_URL",
            "postgresql://gwallet_service:s3cr3t@db.example:port/gwallet?nonsense=1",
            "The setting DATABASE_URL must be an address such as postgresql://user:password@host/database.",
        ),
        (
            "BROKER_URL",
            "amqp://broker.example",
            "The setting BROKER_URL must be an address that begins with redis+socket:// or redis:// or rediss://.",
        ),
        (
            "IDENTITY_PROVIDER_KEY",
            "key",
            "The setting IDENTITY_PROVIDER_KEY must be an Ed25519 public key, as PEM or JWK.",
        ),
    ],
)
def test_a_bad_value_stops_the_process_with_one_sentence_that_does_not_tell_it(
    name: str, value: str, sentence: str
) -> None:
    stopped = subprocess.run(
        [sys.executable, "-c", "import config.settings; print('started')"],
        cwd=ROOT,
        env=os.environ | {name: value},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (stopped.returncode, stopped.stdout, stopped.stderr) == (1, "", sentence + "\n")


PRODUCTION = {
    "PRODUCTION": "1",
    "SECRET_KEY": "somchai-nok-malee-prasert-ploy-anan-" * 2,
    "TOKEN_KEYS": f"1:{KEY}",
    "PIN_KEYS": f"1:{KEY}",
    "PERSONAL_DATA_KEYS": f"1:{KEY}",
    "BLIND_INDEX_KEY": KEY,
    "QR_KEY": KEY,
    "RECEIPT_KEYS": f"1:{KEY}",
    "STRIPE_API_KEY": "sk_live_" + "k" * 40,
    "STRIPE_WEBHOOK_SECRET": "whsec_" + "w" * 40,
    "STRIPE_CONTACT_DOMAIN": "gwallet.example",
    "IDENTITY_PROVIDER_KEY": '{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}',
    "ALLOWED_HOSTS": "gwallet.example",
    "DATABASE_URL": "postgresql://gwallet_service@db.example/gwallet",
    "BROKER_URL": "rediss://broker.example/0",
}


def start_in_production(**changes: str) -> subprocess.CompletedProcess[str]:
    values = {name: value for name, value in (PRODUCTION | changes).items() if value}
    return subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level=WARNING"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"]} | values,
        capture_output=True,
        text=True,
        check=False,
    )


def test_production_starts_when_everything_is_named() -> None:
    started = start_in_production()
    assert (started.returncode, started.stdout) == (0, "System check identified no issues (4 silenced).\n")


@pytest.mark.parametrize("name", sorted(PRODUCTION.keys() - {"PRODUCTION"}))
def test_production_makes_nothing_up(name: str) -> None:
    stopped = start_in_production(**{name: ""})
    assert (stopped.returncode, stopped.stderr) == (1, f"The setting {name} is missing.\n")


def test_production_refuses_the_demonstrations_clock_and_pages_that_show_secrets() -> None:
    assert start_in_production(DEMO_CLOCK="1").stderr == (
        "The setting DEMO_CLOCK cannot be 1 in production: money moves by the real clock there.\n"
    )
    assert start_in_production(WEBHOOKS_TO_LOOPBACK="1").stderr == (
        "The setting WEBHOOKS_TO_LOOPBACK cannot be 1 in production: a stranger's URL would reach inner services.\n"
    )
    assert start_in_production(DEBUG="1").stderr == (
        "The setting DEBUG cannot be 1 in production: its pages show secrets.\n"
    )


def test_a_checkout_makes_its_own_secrets_once_and_all_processes_share_them(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from config.environment import *\n"
        "print(Environment(values={}, kept=KeptSecrets(Path(sys.argv[1]))).key('QR_KEY').hex())"
    )
    command = [sys.executable, "-c", program, str(tmp_path / "run" / "secrets")]
    running = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    first, second, third = (process.communicate()[0].strip() for process in running)
    assert first == second == third
    assert len(first) == 64
    assert (tmp_path / "run" / "secrets").stat().st_mode & 0o777 == 0o600
    env = environment(tmp_path)
    assert env.secret("STRIPE_WEBHOOK_SECRET", prefix="whsec_").startswith("whsec_")
    assert len({env.secret("SECRET_KEY"), env.key("QR_KEY").hex(), env.keys("PIN_KEYS")[1].hex()}) == 3


def test_the_identity_providers_key_is_a_pem_on_many_lines_or_on_one_or_a_jwk(tmp_path: Path) -> None:
    jwk = PRODUCTION["IDENTITY_PROVIDER_KEY"]
    pem = environment(tmp_path, IDENTITY_PROVIDER_KEY=jwk).ed25519_public_key("IDENTITY_PROVIDER_KEY")
    assert pem.startswith("-----BEGIN PUBLIC KEY-----\n")
    for written in (pem, pem.replace("\n", "\\n")):
        assert environment(tmp_path, IDENTITY_PROVIDER_KEY=written).ed25519_public_key("IDENTITY_PROVIDER_KEY") == pem


def test_a_private_key_is_not_taken_for_a_public_one(tmp_path: Path) -> None:
    raw = Ed25519PrivateKey.generate().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()
    with pytest.raises(BadSetting):
        environment(tmp_path, IDENTITY_PROVIDER_KEY=raw).ed25519_public_key("IDENTITY_PROVIDER_KEY")


def test_only_a_development_checkout_can_sign_as_the_identity_provider(tmp_path: Path) -> None:
    env = environment(tmp_path)
    public = env.kept_ed25519_key("IDENTITY_PROVIDER_KEY").public_key()
    pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    assert env.ed25519_public_key("IDENTITY_PROVIDER_KEY") == pem
    with pytest.raises(BadSetting, match="private half"):
        environment(tmp_path, PRODUCTION="1").kept_ed25519_key("IDENTITY_PROVIDER_KEY")
