"""The market's clock, the identity provider and Stripe, as the API's tests need them."""

import datetime as dt
from collections.abc import Callable, Iterator

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from pytest_django.fixtures import Settings

from config.loopback.stripe import API_KEY, WEBHOOK_SECRET, StripeLoopback
from tests.cast import NOON, PLUS, Citizen, Stage, Stall, thai_id
from wallet import clock


@pytest.fixture
def noon(settings: Settings, stage: Stage) -> None:
    """Let the demonstration's clock stand at noon of the market's day."""
    settings.DEMO_CLOCK = True
    clock.stand_at(NOON)


@pytest.fixture
def vouch(settings: Settings) -> Callable[..., str]:
    """Return how the identity provider vouches for a person: a signed statement, with whatever is said differently."""
    provider = Ed25519PrivateKey.generate()
    public = provider.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    settings.IDENTITY_PROVIDER_KEY = public.decode()

    def statement(**said: object) -> str:
        claims = {
            "aud": "g-wallet",
            "exp": dt.datetime.now(dt.UTC) + dt.timedelta(minutes=5),
            "national_id": thai_id(77),
            "name": "สมชาย ใจดี",
            "phone": "0812345678",
            "born_on": "1990-05-17",
            "facts": {"nationality": "TH", "province": "กรุงเทพมหานคร"},
            **said,
        }
        return jwt.encode(claims, provider, algorithm="EdDSA")

    return statement


@pytest.fixture
def stripe(settings: Settings) -> Iterator[StripeLoopback]:
    with StripeLoopback() as running:
        settings.STRIPE_API_KEY = API_KEY
        settings.STRIPE_API_BASE = running.base
        settings.STRIPE_WEBHOOK_SECRET = WEBHOOK_SECRET
        yield running


@pytest.fixture
def somchai(stage: Stage) -> Citizen:
    return stage.citizen("somchai", cash_satang=500_00, enrolled=PLUS)


@pytest.fixture
def nok(stage: Stage) -> Citizen:
    return stage.citizen("nok")


@pytest.fixture
def malee(stage: Stage) -> Stall:
    return stage.stall("malee")


@pytest.fixture
def prasert(stage: Stage) -> Stall:
    return stage.stall("prasert")
