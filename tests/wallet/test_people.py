"""Citizens join by what the identity provider signs, come back on a new phone, and are found by nobody else."""

import datetime as dt

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from tests.cast import NOON, PIN, Stage, thai_id
from wallet import people, privacy, proofs
from wallet.attempts import TooManyTries
from wallet.identity import Identity, IdentityNotProven, read_assertion, valid_national_id
from wallet.models import Device, Person
from wallet.people import AlreadyJoined, DeviceKeyUnreadable, SignInRefused
from wallet.proofs import PinLocked, PinTooEasy

CLAIMS = {
    "aud": "g-wallet",
    "national_id": "1234567890121",
    "name": "สมชาย ใจดี",
    "phone": "0812345678",
    "born_on": "1990-05-17",
    "facts": {"nationality": "TH"},
}


@pytest.fixture
def provider(settings: Settings) -> ed25519.Ed25519PrivateKey:
    key = ed25519.Ed25519PrivateKey.generate()
    settings.IDENTITY_PROVIDER_KEY = (
        key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    )
    return key


def signed(key: ed25519.Ed25519PrivateKey, **changes: object) -> str:
    claims = {**CLAIMS, "exp": dt.datetime.now(dt.UTC) + dt.timedelta(minutes=5), **changes}
    return jwt.encode({name: value for name, value in claims.items() if value is not None}, key, algorithm="EdDSA")


def test_the_provider_says_who_somebody_is(provider: ed25519.Ed25519PrivateKey) -> None:
    identity = read_assertion(signed(provider))
    assert (identity.name, identity.phone, identity.born_on) == ("สมชาย ใจดี", "0812345678", dt.date(1990, 5, 17))


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "another service"},
        {"exp": 1},
        {"national_id": "1234567890122"},
        {"national_id": None},
        {"phone": "+66812345678"},
        {"born_on": "17 May 2533"},
        {"born_on": 19900517},
        {"name": "  "},
    ],
)
def test_what_it_says_wrongly_proves_nothing(provider: ed25519.Ed25519PrivateKey, changes: dict[str, object]) -> None:
    with pytest.raises(IdentityNotProven):
        read_assertion(signed(provider, **changes))


@pytest.mark.usefixtures("provider")
def test_what_another_signs_proves_nothing() -> None:
    with pytest.raises(IdentityNotProven):
        read_assertion(signed(ed25519.Ed25519PrivateKey.generate()))


def test_a_national_id_carries_its_check_digit() -> None:
    assert valid_national_id("1234567890121")
    assert valid_national_id("3012304567082")
    assert not valid_national_id("1234567890120")
    assert not valid_national_id("๑๒๓๔๕๖๗๘๙๐๑๒๑")


@given(st.integers(0, 999_999), st.integers(1, 9))
def test_a_changed_check_digit_is_noticed(number: int, change: int) -> None:
    good = thai_id(number)
    assert not valid_national_id(good[:-1] + str((int(good[-1]) + change) % 10))


@pytest.mark.parametrize(
    "pin", ["111111", "123456", "987654", "890123", "121212", "123123", "199034", "2533 1", "12345"]
)
def test_a_pin_that_strangers_try_first_is_refused(pin: str) -> None:
    with pytest.raises(PinTooEasy):
        proofs.must_be_strong(pin, birth_year=1990)


def test_a_pin_with_the_buddhist_birth_year_is_refused() -> None:
    with pytest.raises(PinTooEasy):
        proofs.must_be_strong("253371", birth_year=1990)
    proofs.must_be_strong("246813", birth_year=1990)


@pytest.mark.django_db
def test_one_national_id_has_one_wallet(stage: Stage) -> None:
    stage.citizen("somchai")
    stage.people = 0
    with pytest.raises(AlreadyJoined):
        stage.citizen("nok")


@pytest.mark.django_db
def test_nothing_in_the_tables_tells_who_somchai_is(stage: Stage) -> None:
    somchai = stage.citizen("somchai")
    profile = people.profile(somchai.id)
    secrets = [profile.name, profile.phone, thai_id(0), profile.born_on.isoformat(), PIN]
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'")
        for (table,) in cursor.fetchall():
            cursor.execute(f"SELECT t::text FROM {table} t")
            for (row,) in cursor.fetchall():
                found = row + "".join(_as_text(part) for part in row.strip("()").split(","))
                assert not [secret for secret in secrets if secret in found], table


def _as_text(part: str) -> str:
    # bytea is shown as \x…; look inside it too.
    hexed = part.strip('"').removeprefix("\\\\x").removeprefix("\\x")
    try:
        return bytes.fromhex(hexed).decode("utf-8", "ignore")
    except ValueError:
        return ""


@pytest.mark.django_db
def test_a_sealed_row_cannot_be_moved_to_another_person(stage: Stage) -> None:
    somchai, nok = stage.citizen("somchai"), stage.citizen("nok")
    sealed = Person.objects.get(citizen_id=somchai.id).sealed
    assert privacy.unseal(sealed, subject_id=somchai.id)["name"] == "somchai ใจดี"
    from cryptography.exceptions import InvalidTag

    with pytest.raises(InvalidTag):
        privacy.unseal(sealed, subject_id=nok.id)


@pytest.mark.parametrize(
    ("name", "masked"), [("สมชาย ใจดี", "สมชาย จ***"), ("Nok Sukjai", "Nok S***"), ("สมชาย", "สมชาย")]
)
def test_a_receipt_shows_a_masked_name(name: str, masked: str) -> None:
    assert privacy.masked_name(name) == masked


def sign_in(phone: str, pin: str, *, address: str = "192.0.2.7", at: dt.datetime = NOON) -> Device:
    return people.sign_in(
        phone=phone, pin=pin, device_id=None, device_name="new phone", device_key=None, address=address, at=at
    )


@pytest.mark.django_db
def test_somchai_comes_back_on_a_new_phone(stage: Stage) -> None:
    somchai = stage.citizen("somchai")
    device = sign_in("0800000000", PIN)
    assert device.citizen_id == somchai.id
    assert device.id != somchai.device.id


@pytest.mark.django_db
def test_a_wrong_phone_and_a_wrong_pin_look_the_same(stage: Stage) -> None:
    stage.citizen("somchai")
    with pytest.raises(SignInRefused) as wrong_phone:
        sign_in("0899999999", PIN)
    with pytest.raises(SignInRefused) as wrong_pin:
        sign_in("0800000000", "135799")
    assert wrong_phone.value.facts == wrong_pin.value.facts == {}


@pytest.mark.django_db
def test_strangers_elsewhere_cannot_lock_the_phone_in_somchais_hand(stage: Stage) -> None:
    somchai = stage.citizen("somchai")
    for _ in range(4):
        with pytest.raises(SignInRefused):
            sign_in("0800000000", "135799")
    for _ in range(2):
        with pytest.raises(PinLocked):
            sign_in("0800000000", "135799")
    known = people.sign_in(
        phone="0800000000",
        pin=PIN,
        device_id=somchai.device.id,
        device_name="",
        device_key=None,
        address="192.0.2.8",
        at=NOON,
    )
    assert known.id == somchai.device.id


@pytest.mark.django_db
def test_one_address_cannot_try_one_pin_on_everybody(stage: Stage) -> None:
    stage.citizen("somchai")
    for number in range(50):
        with pytest.raises(SignInRefused):
            sign_in(f"08999{number:05d}", PIN)
    with pytest.raises(TooManyTries):
        sign_in("0800000000", PIN)
    sign_in("0800000000", PIN, address="198.51.100.1")
    sign_in("0800000000", PIN, at=NOON + dt.timedelta(minutes=11))


@pytest.mark.django_db
@pytest.mark.parametrize("key", [b"", b"not a key", b"\x30\x59" + b"\x00" * 89])
def test_a_device_key_that_nobody_can_read_is_refused(key: bytes) -> None:
    identity = Identity("1234567890121", "สมชาย ใจดี", "0812345678", dt.date(1988, 2, 9), {})
    with pytest.raises(DeviceKeyUnreadable):
        people.join(identity=identity, pin=PIN, device_name="phone", device_key=key, at=NOON)


def test_a_device_key_of_another_curve_is_refused() -> None:
    other = ec.generate_private_key(ec.SECP384R1()).public_key()
    der = other.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    identity = Identity("1234567890121", "สมชาย ใจดี", "0812345678", dt.date(1988, 2, 9), {})
    with pytest.raises(DeviceKeyUnreadable):
        people.join(identity=identity, pin=PIN, device_name="phone", device_key=der, at=NOON)
