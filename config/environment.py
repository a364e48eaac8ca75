"""Settings from the environment: typed, and loud on a bad value.

Each reader names the setting in one sentence and stops the process, before anything has started. In development a
missing secret is made once and kept in `.run/secrets`, so that all processes share it; production must name each.
"""

import base64
import fcntl
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

ROOT: Final = Path(__file__).resolve().parent.parent
RUN: Final = ROOT / ".run"

# 256 bits: what every cipher and MAC that we use takes.
KEY_BYTES: Final = 32


class BadSetting(SystemExit):
    """A setting is missing or wrong. One sentence on stderr, exit code 1, no traceback."""

    def __init__(self, name: str, wrong: str) -> None:
        """Say which setting, and what is wrong with it; never what its value was, which may be a secret."""
        super().__init__(f"The setting {name} {wrong}.")


class KeptSecrets:
    """Secrets that a development checkout made for itself: one JSON file that only its owner can read."""

    def __init__(self, file: Path) -> None:
        """Keep them in `file`, which need not exist yet."""
        self.file = file

    def get(self, name: str) -> str:
        """Return the secret of this name, 64 hex digits, and make it the first time; safe among processes."""
        self.file.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self.file, os.O_RDWR | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "r+") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            kept: dict[str, str] = json.loads(file.read() or "{}")
            if name not in kept:
                kept[name] = secrets.token_hex(KEY_BYTES)
                file.seek(0)
                file.write(json.dumps(kept, indent=1))
                file.truncate()
            return kept[name]


@dataclass(frozen=True)
class Environment:
    """Reads settings by name. `kept` is where a development checkout keeps what it made for itself."""

    values: Mapping[str, str]
    kept: KeptSecrets

    def text(self, name: str, default: str | None = None) -> str:
        """Return a text; without a default it must be there."""
        value = self.values.get(name, "").strip()
        if value:
            return value
        if default is None:
            raise BadSetting(name, "is missing")
        return default

    def flag(self, name: str, *, default: bool = False) -> bool:
        """Return a truth: `1` or `0`."""
        value = self.text(name, "1" if default else "0")
        if value not in {"0", "1"}:
            raise BadSetting(name, "must be 1 or 0")
        return value == "1"

    def number(self, name: str, default: int, *, least: int = 0, most: int = 1_000_000_000) -> int:
        """Return a whole number within bounds."""
        value = self.text(name, str(default))
        if not value.isdecimal() or not least <= int(value) <= most:
            raise BadSetting(name, f"must be a whole number from {least} to {most}")
        return int(value)

    def words(self, name: str, default: str | None = None) -> list[str]:
        """Return the parts of a list that is separated by commas."""
        return [word.strip() for word in self.text(name, default).split(",") if word.strip()]

    def url(self, name: str, default: str | None = None, *, schemes: tuple[str, ...]) -> str:
        """Return an address whose scheme is one of those given."""
        value = self.text(name, default)
        if value and urlsplit(value).scheme not in schemes:
            raise BadSetting(name, f"must be an address that begins with {' or '.join(f'{s}://' for s in schemes)}")
        return value

    @property
    def production(self) -> bool:
        """Say whether this is production, where nothing is made up."""
        return self.flag("PRODUCTION")

    def secret(self, name: str, *, prefix: str = "") -> str:
        """Return a secret text; in development, one that was made for this checkout."""
        if self.production or self.values.get(name):
            value = self.text(name)
            if len(value) < KEY_BYTES:
                raise BadSetting(name, f"is shorter than {KEY_BYTES} characters")
            return value
        return prefix + self.kept.get(name)

    def key(self, name: str) -> bytes:
        """Return one key of 32 bytes, written as 64 hex digits."""
        return self._key(name, self.secret(name))

    def keys(self, name: str) -> dict[int, bytes]:
        """Return keys by version, written `1:hex,2:hex`. The newest makes, all of them check."""
        if not self.production and not self.values.get(name):
            return {1: bytes.fromhex(self.kept.get(name))}
        keys = self._ring(name, self.words(name))
        if not keys:
            raise BadSetting(name, "must name at least one key, written 1:hex")
        return keys

    def retired_keys(self, name: str) -> dict[int, bytes]:
        """Return keys by version that only check any more; there need not be any."""
        return self._ring(name, self.words(name, ""))

    def ed25519_public_key(self, name: str) -> str:
        """Return an Ed25519 public key as PEM, from a PEM or a JWK; in development, that of `kept_ed25519_key`."""
        if not self.production and not self.values.get(name):
            return _pem(self.kept_ed25519_key(name).public_key())
        written = self.text(name)
        try:
            if written.startswith("{"):
                x = json.loads(written)["x"]
                key: object = Ed25519PublicKey.from_public_bytes(base64.urlsafe_b64decode(x + "=" * (-len(x) % 4)))
            else:
                # One line of an environment file cannot hold line ends, so they may be written as \n.
                key = load_pem_public_key(written.replace("\\n", "\n").encode())
        except (ValueError, KeyError, TypeError, UnsupportedAlgorithm):
            key = None
        if not isinstance(key, Ed25519PublicKey):
            raise BadSetting(name, "must be an Ed25519 public key, as PEM or JWK")
        return _pem(key)

    def kept_ed25519_key(self, name: str) -> Ed25519PrivateKey:
        """Return the private key with which the demo and the tests sign in place of who holds the real one."""
        if self.production:
            raise BadSetting(name, "is somebody else's key in production, and we do not have its private half")
        return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(self.kept.get(name)))

    def _ring(self, name: str, words: list[str]) -> dict[int, bytes]:
        keys: dict[int, bytes] = {}
        for word in words:
            version, colon, key = word.partition(":")
            if not colon or not version.isdecimal() or int(version) in keys:
                raise BadSetting(name, "must be keys by version, each once, written 1:hex,2:hex")
            keys[int(version)] = self._key(name, key)
        return keys

    @staticmethod
    def _key(name: str, written: str) -> bytes:
        try:
            key = bytes.fromhex(written)
        except ValueError:
            key = b""
        if len(key) != KEY_BYTES:
            raise BadSetting(name, f"must be {KEY_BYTES * 2} hex digits")
        return key


def _pem(key: Ed25519PublicKey) -> str:
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
