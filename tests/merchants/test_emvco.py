"""Payment QR codes as the world writes them: the published samples, and whatever else a camera can bring in."""

import binascii
from string import digits, printable

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from merchants import emvco
from wallet.refusals import Refusal

# EMV QRCPS MPM 1.1, the sample of the specification.
BEST_TRANSPORT = (
    "00020101021229300012D156000000000510A93FO3230Q31280012D15600000001030812345678520441115802CN5914BEST TRANSPORT"
    "6007BEIJING64200002ZH0104最佳运输0202北京540523.7253031565502016233030412340603***0708A60086670902ME"
    "91320016A011223344998877070812345678"
    "6304A13A"
)
BEST_TRANSPORT_FIELDS = {
    "00": "01",
    "01": "12",
    "29": "0012D156000000000510A93FO3230Q",
    "31": "0012D15600000001030812345678",
    "52": "4111",
    "58": "CN",
    "59": "BEST TRANSPORT",
    "60": "BEIJING",
    "64": "0002ZH0104最佳运输0202北京",
    "54": "23.72",
    "53": "156",
    "55": "01",
    "62": "030412340603***0708A60086670902ME",
    "91": "0016A011223344998877070812345678",
}

# PromptPay to the mobile number 080-123-4567, without and with 100.25 baht, and to the e-wallet 012345678901234.
MOBILE = "00020101021129370016A000000677010111011300668012345675802TH530376463046197"
MOBILE_FIELDS = {
    "00": "01", "01": "11", "29": "0016A00000067701011101130066801234567", "58": "TH", "53": "764",
}  # fmt: skip
MOBILE_100_25 = "00020101021229370016A000000677010111011300668012345675802TH53037645406100.2563047D4A"
MOBILE_100_25_FIELDS = {
    "00": "01", "01": "12", "29": "0016A00000067701011101130066801234567", "58": "TH", "53": "764", "54": "100.25",
}  # fmt: skip
WALLET = "00020101021129390016A00000067701011103150123456789012345802TH530376463049781"
WALLET_FIELDS = {
    "00": "01", "01": "11", "29": "0016A0000006770101110315012345678901234", "58": "TH", "53": "764",
}  # fmt: skip

PUBLISHED = pytest.mark.parametrize(
    ("payload", "fields"),
    [
        pytest.param(BEST_TRANSPORT, BEST_TRANSPORT_FIELDS, id="EMVCo sample"),
        pytest.param(MOBILE, MOBILE_FIELDS, id="PromptPay mobile"),
        pytest.param(MOBILE_100_25, MOBILE_100_25_FIELDS, id="PromptPay mobile, 100.25 baht"),
        pytest.param(WALLET, WALLET_FIELDS, id="PromptPay e-wallet"),
    ],
)

A_TAG = st.text(alphabet=digits, min_size=2, max_size=2)
A_VALUE = st.text(alphabet=st.characters(codec="utf-8"), min_size=1, max_size=99)
SOME_FIELDS = st.dictionaries(A_TAG.filter(lambda tag: tag not in {"00", "63"}), A_VALUE, max_size=4).map(
    lambda fields: {"00": "01", **fields}
)


def sealed(body: str) -> str:
    """Put the CRC that fits behind a body, whatever the body is."""
    return f"{body}6304{binascii.crc_hqx((body + '6304').encode(), 0xFFFF):04X}"


def refusal_of(payload: str) -> tuple[str, dict[str, object]]:
    with pytest.raises(Refusal) as refused:
        emvco.parse(payload)
    return refused.value.code, refused.value.facts


@PUBLISHED
def test_published_payloads_are_read(payload: str, fields: emvco.Fields) -> None:
    assert list(emvco.parse(payload).items()) == list(fields.items())


@PUBLISHED
def test_published_payloads_are_written_to_the_letter(payload: str, fields: emvco.Fields) -> None:
    assert emvco.build(fields) == payload


def test_a_template_is_read_by_characters_and_not_by_bytes() -> None:
    assert emvco.parse_template(BEST_TRANSPORT_FIELDS["64"]) == {"00": "ZH", "01": "最佳运输", "02": "北京"}
    assert emvco.build_template({"00": "ZH", "01": "最佳运输", "02": "北京"}) == BEST_TRANSPORT_FIELDS["64"]


@given(fields=SOME_FIELDS)
def test_what_was_built_is_what_is_read(fields: emvco.Fields) -> None:
    assert emvco.parse(emvco.build(fields)) == fields


@given(
    payload=st.sampled_from([BEST_TRANSPORT, MOBILE, MOBILE_100_25, WALLET]),
    where=st.integers(min_value=0),
    letter=st.sampled_from(printable),
)
@example(payload=BEST_TRANSPORT, where=-1, letter="a")  # a CRC is written in capitals
@example(payload=MOBILE, where=0, letter="٠")  # an Arabic nought is a digit to Python and not to EMVCo
def test_one_changed_character_is_always_refused(payload: str, where: int, letter: str) -> None:
    where %= len(payload)
    changed = payload[:where] + letter + payload[where + 1 :]
    assume(changed != payload)
    # One byte in the place of another can never keep a 16-bit CRC; nor can the shorter byte row of a Chinese letter
    # that became a Latin one keep this one.
    with pytest.raises(Refusal):
        emvco.parse(changed)


@given(cut=st.integers(min_value=1, max_value=len(MOBILE_100_25) - 1))
def test_a_payload_cut_off_anywhere_is_refused(cut: int) -> None:
    code, _ = refusal_of(MOBILE_100_25[:cut])
    assert code in {"qr_not_payment", "qr_truncated", "qr_damaged"}


@given(text=st.text())
@example(text="https://line.me/R/ti/p/@malee")
@example(text="\ud800")
@example(text="000201\ud80063040000")
def test_whatever_else_somchai_scans_is_refused_politely(text: str) -> None:
    with pytest.raises(Refusal):
        emvco.parse(text)


@pytest.mark.parametrize(
    ("payload", "refusal"),
    [
        pytest.param("", ("qr_not_payment", {}), id="nothing"),
        pytest.param("https://line.me/R/ti/p/@malee", ("qr_not_payment", {}), id="a link"),
        pytest.param(sealed("000202"), ("qr_not_payment", {}), id="a format yet to come"),
        pytest.param(sealed("010211000201"), ("qr_not_payment", {}), id="the format not in first place"),
        pytest.param("00020101021129", ("qr_truncated", {}), id="no CRC"),
        pytest.param(sealed("0002015802"), ("qr_truncated", {}), id="a value that is missing"),
        pytest.param(sealed("0002015805TH"), ("qr_truncated", {}), id="a value that is too short"),
        pytest.param(sealed("000201580"), ("qr_truncated", {}), id="half a length"),
        pytest.param(MOBILE[:-1] + "8", ("qr_damaged", {}), id="a wrong CRC"),
        pytest.param("000201\ud80063040000", ("qr_damaged", {}), id="half a character"),
        pytest.param(sealed("0002015800"), ("qr_damaged", {}), id="an empty value"),
        pytest.param(sealed("000201AB02TH"), ("qr_damaged", {}), id="letters for an ID"),
        pytest.param(sealed("00020158๐๒TH"), ("qr_damaged", {}), id="Thai digits for a length"),
        pytest.param(sealed("0002015802TH5802CN"), ("qr_repeated_field", {"tag": "58"}), id="two countries"),
        pytest.param(sealed("00020163041234"), ("qr_repeated_field", {"tag": "63"}), id="two CRCs"),
        pytest.param("000201" + "5" * 507, ("qr_too_long", {"length": 513, "longest": 512}), id="513 characters"),
    ],
)
def test_each_fault_has_its_own_refusal(payload: str, refusal: tuple[str, dict[str, object]]) -> None:
    assert refusal_of(payload) == refusal


def test_a_payload_of_512_characters_is_taken() -> None:
    fields = {"00": "01", "80": "x" * 99, "81": "x" * 99, "82": "x" * 99, "83": "x" * 99, "84": "x" * 82}
    assert len(emvco.build(fields)) == 512
    assert emvco.parse(emvco.build(fields)) == fields


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({}, id="nothing"),
        pytest.param({"58": "TH", "00": "01"}, id="the format not in first place"),
        pytest.param({"00": "02"}, id="another format"),
        pytest.param({"00": "01", "63": "0000"}, id="a CRC of one's own"),
        pytest.param({"00": "01", "5": "TH"}, id="an ID of one digit"),
        pytest.param({"00": "01", "๕๘": "TH"}, id="an ID in Thai digits"),
        pytest.param({"00": "01", "58": ""}, id="an empty value"),
        pytest.param({"00": "01", "80": "x" * 100}, id="a value of 100"),
        pytest.param({"00": "01", "80": "\ud800"}, id="half a character"),
        pytest.param({"00": "01"} | {str(tag): "x" * 99 for tag in range(80, 85)}, id="513 and more"),
    ],
)
def test_we_never_write_what_the_specification_forbids(fields: emvco.Fields) -> None:
    with pytest.raises(ValueError):
        emvco.build(fields)


def test_a_thai_code_in_baht_is_ours_to_look_at() -> None:
    emvco.must_be_thai(emvco.parse(MOBILE_100_25))


@pytest.mark.parametrize(
    ("fields", "facts"),
    [
        (BEST_TRANSPORT_FIELDS, {"country": "CN", "currency": "156"}),
        ({"00": "01", "58": "TH", "53": "840"}, {"country": "TH", "currency": "840"}),
        ({"00": "01", "58": "LA", "53": "764"}, {"country": "LA", "currency": "764"}),
        ({"00": "01"}, {"country": None, "currency": None}),
    ],
)
def test_a_code_of_another_country_or_currency_is_refused(fields: emvco.Fields, facts: dict[str, object]) -> None:
    with pytest.raises(emvco.OtherCountry) as refused:
        emvco.must_be_thai(fields)
    assert (refused.value.code, refused.value.facts) == ("qr_other_country", facts)
