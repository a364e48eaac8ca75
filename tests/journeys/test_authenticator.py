"""The tour's authenticator app, against the standard's own vectors."""

import base64

import pytest

from config.demo import authenticator

# RFC 6238, Appendix B: the secret in ASCII, and of the eight digits there the last six.
SECRET = base64.b32encode(b"12345678901234567890").decode()


@pytest.mark.parametrize(
    ("seconds", "digits"),
    [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924"), (20_000_000_000, "353130")],
)
def test_the_app_shows_what_every_such_app_shows(seconds: int, digits: str) -> None:
    assert authenticator.code(secret=SECRET, step=seconds // authenticator.STEP_SECONDS) == digits
