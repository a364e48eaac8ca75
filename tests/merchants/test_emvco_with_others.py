"""Our codes in other people's libraries, and theirs in ours: `cemacqr` (EMV QRCPS 1.1), `promptpay_qr` (Thailand)."""

from decimal import Decimal
from uuid import UUID

import cemacqr
import promptpay_qr
import pytest
from hypothesis import given
from hypothesis import strategies as st

from merchants import emvco, qr
from wallet.money import LARGEST_AMOUNT, baht

KEY = b"the key with which tills sign, in tests"
NAMES = st.text(alphabet=st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=30)
LATIN = st.text(alphabet=st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=15)


def charge(**changes: object) -> str:
    said = {
        "charge_id": UUID("0197a3c5-8f00-7b6a-9c31-5d2e4f60718a"),
        "merchant_wallet_id": "006990000000042",
        "amount": 100_25,
        "merchant_name": "Malee's Noodles",
        "city": "Bangkok",
        "key": KEY,
        **changes,
    }
    return qr.charge_payload(**said)  # type: ignore[arg-type]


def poster(**changes: object) -> str:
    said = {
        "poster_id": UUID("0197a3c5-8f00-7b6a-9c31-5d2e4f60718a"),
        "merchant_wallet_id": "006990000000042",
        "merchant_name": "Malee's Noodles",
        "city": "Bangkok",
        "thai_name": "ก๋วยเตี๋ยวเรือป้ามาลี",
        "key": KEY,
        **changes,
    }
    return qr.poster_payload(**said)  # type: ignore[arg-type]


@given(amount=st.integers(min_value=1, max_value=LARGEST_AMOUNT), name=NAMES, charge_id=st.uuids())
def test_others_read_our_charges_and_find_nothing_wrong(amount: int, name: str, charge_id: UUID) -> None:
    read = cemacqr.parse_payload(charge(amount=amount, merchant_name=name, charge_id=charge_id))
    assert cemacqr.validate(read).violations == []
    assert (read.crc_ok, read.is_static, read.currency, read.amount) == (True, False, "764", baht(amount))
    assert read.merchant_accounts == {"29": {"00": "A000000677010111", "03": "006990000000042"}}


@given(name=NAMES)
def test_others_read_our_posters_and_find_nothing_wrong(name: str) -> None:
    read = cemacqr.parse_payload(poster(thai_name=name))
    assert cemacqr.validate(read).violations == []
    assert (read.crc_ok, read.is_static, read.amount) == (True, True, None)


def test_others_find_the_thai_name_on_a_poster() -> None:
    read = cemacqr.parse_payload(poster())
    assert (read.merchant_name, read.template("64")["01"]) == ("Malee's Noodles", "ก๋วยเตี๋ยวเรือป้ามาลี")


@given(
    name=LATIN,
    city=LATIN,
    country=st.sampled_from(["TH", "CM", "CN", "LA"]),
    currency=st.sampled_from(["764", "950", "156"]),
    amount=st.none() | st.integers(min_value=1, max_value=10**9).map(lambda cents: str(Decimal(cents) / 100)),
)
def test_what_others_write_is_read_field_by_field(
    name: str, city: str, country: str, currency: str, amount: str | None
) -> None:
    built = (
        cemacqr.MerchantQr()
        .merchant(name=name, city=city, country=country)
        .category("5812")
        .currency(currency)
        .account("29", gui="A000000677010111", **{"03": "012345678901234"})
        .reusable(amount is None)
    )
    payload = (built if amount is None else built.amount(amount)).build().to_string()
    fields = emvco.parse(payload)
    assert (fields["59"], fields["60"], fields["58"], fields["53"], fields.get("54")) == (
        name, city, country, currency, amount,
    )  # fmt: skip
    with pytest.raises((qr.ForeignQR, emvco.OtherCountry)):
        qr.read(payload=payload, key=KEY)


@pytest.mark.parametrize("amount", [None, 1.0, 100.25, 99999.99])
@pytest.mark.parametrize("target", ["0801234567", "1111111111111", "012345678901234", "006990000000042"])
def test_a_promptpay_code_of_somebody_else_is_read_and_refused_as_foreign(target: str, amount: float | None) -> None:
    payload = promptpay_qr.generate_payload(target, amount)
    fields = emvco.parse(payload)
    assert (fields["58"], fields["53"], "54" in fields) == ("TH", "764", amount is not None)
    with pytest.raises(qr.ForeignQR):
        qr.read(payload=payload, key=KEY)


def test_a_bank_writes_the_same_payee_as_we_do() -> None:
    theirs = emvco.parse(promptpay_qr.generate_payload("006990000000042", 100.25))
    ours = emvco.parse(charge())
    assert {tag: theirs[tag] for tag in ("00", "01", "29", "53", "54", "58")} == {
        tag: ours[tag] for tag in ("00", "01", "29", "53", "54", "58")
    }
