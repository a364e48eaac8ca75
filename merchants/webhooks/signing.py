"""How a receiver knows that a message is ours: the format of the Standard Webhooks (standardwebhooks.com, 1.0)."""

import base64
import datetime as dt
import hashlib
import hmac
from collections.abc import Iterable
from uuid import UUID


def message_name(message_id: UUID) -> str:
    """Return the name by which receivers drop repeats."""
    return f"msg_{message_id.hex}"


def headers(*, message_id: UUID, body: bytes, secrets: Iterable[bytes], at: dt.datetime) -> dict[str, str]:
    """Return the headers of one try at `at`: a receiver checks its age, and any one of the signatures."""
    name, seconds = message_name(message_id), str(int(at.timestamp()))
    signed = f"{name}.{seconds}.".encode() + body
    signatures = (base64.b64encode(hmac.digest(secret, signed, hashlib.sha256)).decode() for secret in secrets)
    return {
        "content-type": "application/json",
        "user-agent": "G-Wallet-Webhooks/1",
        "webhook-id": name,
        "webhook-timestamp": seconds,
        "webhook-signature": " ".join(f"v1,{signature}" for signature in signatures),
    }
