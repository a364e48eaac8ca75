"""An authenticator app for the terminal: `python3 -m config.demo.authenticator SECRET` prints the code of this moment.

RFC 6238 as every such app has it: SHA-1, thirty seconds, six digits, the secret in base 32. It needs Python alone.
"""

import base64
import hmac
import sys
import time

STEP_SECONDS = 30


def code(*, secret: str, step: int) -> str:
    """Return the six digits of one step of thirty seconds, counted from 1970 (RFC 4226 §5.3)."""
    digest = hmac.digest(base64.b32decode(secret), step.to_bytes(8, "big"), "sha1")
    place = digest[-1] & 0xF
    number = int.from_bytes(digest[place : place + 4], "big") & 0x7FFF_FFFF
    return f"{number % 1_000_000:06d}"


if __name__ == "__main__":
    print(code(secret=sys.argv[1], step=int(time.time()) // STEP_SECONDS))
