"""`manage.py verify_receipt FILE [--key KEYS]`: is this receipt ours, to the last digit? Needs no database."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from django.core.management.base import BaseCommand, CommandError
from jwt import PyJWKSet

from merchants import signatures
from merchants.signatures import Facts, ReceiptForged
from wallet.money import grouped_baht


class Command(BaseCommand):
    """Check one receipt."""

    help = "Check a receipt: the signed line alone, or the JSON that the API gave. Exit 1 if it is forged."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the file, and the key for who has no settings of ours."""
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--key",
            type=Path,
            help="a public key as PEM, or what GET receipts/keys/ answered; without it, our own keys",
        )

    def handle(self, *_args: object, **options: Any) -> None:
        """Say what the receipt says, or that it is forged."""
        written = options["file"].read_text(encoding="utf-8").strip()
        receipt = json.loads(written) if written.startswith("{") else {"signed": written}
        try:
            facts = signatures.read(receipt["signed"], keys=_keys(options["key"], receipt["signed"]))
            _must_say(receipt, facts)
        except (ReceiptForged, KeyError) as error:
            raise CommandError("FORGED: this receipt was changed, or none of these keys signed it.") from error
        self.stdout.write(
            f"genuine: {facts.merchant_name}, {grouped_baht(facts.price)} baht"
            f" ({grouped_baht(facts.own_part)} own, {grouped_baht(facts.state)} of the State),"
            f" {facts.paid_at.isoformat()}, payment {facts.id}"
        )


def _keys(file: Path | None, signed: str) -> dict[str, Ed25519PublicKey]:
    if file is None:
        return signatures.public_keys()
    written = file.read_bytes()
    if written.startswith(b"{"):
        return {str(key.key_id): key.key for key in PyJWKSet.from_json(written.decode()).keys}
    key = load_pem_public_key(written)
    if not isinstance(key, Ed25519PublicKey):
        raise CommandError(f"{file} holds no Ed25519 public key.")
    return {signatures.key_of(signed): key}


def _must_say(receipt: dict[str, Any], facts: Facts) -> None:
    """Refuse a receipt whose readable part says anything else than its signed part.

    :raises ReceiptForged: a digit was changed.
    """
    signed = facts.written()
    if any(receipt[name] != signed[name] for name in signed.keys() & receipt.keys()):
        raise ReceiptForged
