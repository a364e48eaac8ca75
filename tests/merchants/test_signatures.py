"""Malee is shown a receipt, and anybody can tell whether it is genuine."""

import base64
import io
import json
from pathlib import Path
from typing import Any

import jwt
import pytest
import zxingcpp
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.core.management import call_command
from django.core.management.base import CommandError
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from merchants import drawing, signatures
from merchants.receipts import PaymentUnknown, Receipt
from merchants.signatures import ReceiptForged
from tests.cast import PLUS, Citizen, Stage, Stall, buy
from wallet.ids import uuid7

pytestmark = pytest.mark.django_db

FIRST, SECOND = bytes(range(32)), bytes(range(32, 64))


@pytest.fixture
def somchai(stage: Stage) -> Citizen:
    return stage.citizen("somchai", cash_satang=500_00, enrolled=PLUS)


@pytest.fixture
def malee(stage: Stage) -> Stall:
    return stage.stall("malee")


@pytest.fixture
def receipt(settings: Any, somchai: Citizen, malee: Stall) -> Receipt:
    settings.RECEIPT_KEYS = {1: FIRST}
    return Receipt(buy(somchai, malee, 100_00), malee.merchant.name)


def test_a_receipt_says_where_what_and_when_and_not_who(receipt: Receipt, malee: Stall) -> None:
    _, said, _ = signatures.sign(receipt).split(".")
    assert json.loads(signatures._decoded(said)) == {
        "id": str(receipt.payment.id),
        "merchant_id": str(malee.merchant.id),
        "merchant_name": "ร้าน malee",
        "price_satang": 100_00,
        "own_part_satang": 50_00,
        "state_satang": 50_00,
        "paid_at": "2025-10-31T05:00:00Z",
        "business_date": "2025-10-31",
    }


def test_any_library_of_web_tokens_reads_it_with_our_public_key_alone(receipt: Receipt) -> None:
    published = jwt.PyJWKSet.from_dict(signatures.published(signatures.public_keys()))
    assert jwt.decode(signatures.sign(receipt), published["1"].key, algorithms=["EdDSA"])["price_satang"] == 100_00


def test_the_same_receipt_is_signed_the_same_each_time(receipt: Receipt) -> None:
    assert signatures.sign(receipt) == signatures.sign(receipt)
    assert signatures.read(signatures.sign(receipt), keys=signatures.public_keys()) == signatures.facts(receipt)


def test_a_receipt_with_one_sign_changed_anywhere_is_forged(receipt: Receipt) -> None:
    signed, keys = signatures.sign(receipt), signatures.public_keys()

    @given(st.integers(0, len(signed) - 1), st.sampled_from("0123456789ABCXYZabcxyz-_.="))
    def is_forged(place: int, sign: str) -> None:
        changed = signed[:place] + sign + signed[place + 1 :]
        if changed != signed:
            with pytest.raises(ReceiptForged):
                signatures.read(changed, keys=keys)

    is_forged()


@pytest.mark.parametrize("text", ["", ".", "..", "no receipt", "a.b.c", "é.ü.ß", "e30.e30.e30", "{}"])
def test_what_is_no_receipt_is_forged(receipt: Receipt, text: str) -> None:
    with pytest.raises(ReceiptForged):
        signatures.read(text, keys=signatures.public_keys())


def test_nobody_signs_a_receipt_with_an_algorithm_of_their_own(receipt: Receipt) -> None:
    said = signatures.facts(receipt).written()
    head = {"kid": "1", "typ": signatures.KIND}
    public = signatures.public_keys()["1"].public_bytes(Encoding.Raw, PublicFormat.Raw)
    for forged in (
        jwt.encode(said, "", algorithm="none", headers=head),
        jwt.encode(said, public, algorithm="HS256", headers=head),
        jwt.encode(said, Ed25519PrivateKey.generate(), algorithm="EdDSA", headers=head),
        jwt.encode(said, Ed25519PrivateKey.from_private_bytes(FIRST), algorithm="EdDSA", headers={"kid": "1"}),
    ):
        with pytest.raises(ReceiptForged):
            signatures.read(forged, keys=signatures.public_keys())


def test_a_receipt_of_a_retired_key_is_still_genuine(receipt: Receipt, settings: Any) -> None:
    old = signatures.sign(receipt)
    public = signatures.public_keys()["1"].public_bytes(Encoding.Raw, PublicFormat.Raw)
    settings.RECEIPT_KEYS, settings.RETIRED_RECEIPT_KEYS = {2: SECOND}, {1: public}
    new = signatures.sign(receipt)
    assert (signatures.key_of(old), signatures.key_of(new)) == ("1", "2")
    for signed in (old, new):
        assert signatures.read(signed, keys=signatures.public_keys()).price == 100_00
    settings.RETIRED_RECEIPT_KEYS = {}
    with pytest.raises(ReceiptForged):
        signatures.read(old, keys=signatures.public_keys())


def test_the_longest_receipt_fits_a_qr_that_another_phone_reads(receipt: Receipt) -> None:
    signed = signatures.sign(Receipt(receipt.payment, "ร้านก๋วยเตี๋ยวเรือป้ามาลีสาขาตลาดน้ำดำเนินสะดวก " * 2 + "ก" * 20))
    picture = Image.open(io.BytesIO(drawing.png(payload=signed, scale=4)))
    (found,) = zxingcpp.read_barcodes(picture)
    assert signatures.read(found.text, keys=signatures.public_keys()).price == 100_00


def test_who_has_the_check_code_finds_the_payment(receipt: Receipt) -> None:
    code = signatures.check_code(receipt.payment)
    found = signatures.look_up(payment_id=receipt.payment.id, code=code)
    assert signatures.facts(found) == signatures.facts(receipt)


def test_who_guesses_the_check_code_finds_nothing(receipt: Receipt, somchai: Citizen, malee: Stall) -> None:
    other = buy(somchai, malee, 40_00)
    own = base64.urlsafe_b64encode(malee.merchant.id.bytes + bytes(10)).decode().rstrip("=")
    for code in (signatures.check_code(other), own, "A" * 35, "A"):
        with pytest.raises(PaymentUnknown):
            signatures.look_up(payment_id=receipt.payment.id, code=code)
    with pytest.raises(PaymentUnknown):
        signatures.look_up(payment_id=uuid7(), code=signatures.check_code(receipt.payment))


@pytest.fixture
def slip(receipt: Receipt, tmp_path: Path) -> Path:
    """Return a file as somebody saved it from the API's answer."""
    file = tmp_path / "receipt.json"
    file.write_text(json.dumps(signatures.facts(receipt).written() | {"signed": signatures.sign(receipt)}))
    return file


@pytest.fixture
def keys(receipt: Receipt, tmp_path: Path) -> Path:
    """Return a file as somebody saved it from `receipts/keys/`."""
    file = tmp_path / "keys.json"
    file.write_text(json.dumps(signatures.published(signatures.public_keys())))
    return file


def test_the_command_says_what_a_genuine_receipt_says(receipt: Receipt, slip: Path, capsys: Any) -> None:
    call_command("verify_receipt", str(slip))
    assert capsys.readouterr().out == (
        "genuine: ร้าน malee, 100.00 baht (50.00 own, 50.00 of the State),"
        f" 2025-10-31T05:00:00+00:00, payment {receipt.payment.id}\n"
    )


def test_the_command_needs_the_public_keys_and_nothing_else(
    receipt: Receipt, slip: Path, keys: Path, tmp_path: Path, settings: Any
) -> None:
    pem = tmp_path / "key.pem"
    pem.write_bytes(signatures.public_keys()["1"].public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    line = tmp_path / "line.txt"
    line.write_text(signatures.sign(receipt) + "\n")
    settings.RECEIPT_KEYS = {1: SECOND}
    for file in (slip, line):
        for key in (keys, pem):
            call_command("verify_receipt", str(file), key=key)
        with pytest.raises(CommandError):
            call_command("verify_receipt", str(file))


def test_a_digit_changed_in_what_people_read_is_noticed_too(slip: Path, keys: Path) -> None:
    genuine = slip.read_text()
    for name, value in {"price_satang": 900_00, "business_date": "2025-11-01", "merchant_name": "ร้าน prasert"}.items():
        slip.write_text(json.dumps(json.loads(genuine) | {name: value}))
        with pytest.raises(CommandError, match="FORGED"):
            call_command("verify_receipt", str(slip), key=keys)
    slip.write_text(genuine)
    call_command("verify_receipt", str(slip), key=keys)
