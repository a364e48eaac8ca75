"""The QR code of a charge, from Malee's till to Somchai's camera."""

import io
import re
from typing import Any
from uuid import UUID
from xml.etree import ElementTree as ET

import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from merchants import drawing, emvco, qr
from wallet.money import LARGEST_AMOUNT
from wallet.refusals import Refusal

KEY = b"the key with which tills sign, in tests"
NOODLES = UUID("0197a3c5-8f00-7b6a-9c31-5d2e4f60718a")
MALEE = "006990000000042"
PRASERT = "006990000000043"

# Noodles for 100.25 baht at Malee's, letter by letter: a change here means that codes already on screens, and other
# people's scanners, are no longer understood. The signature is the one part that no other source can confirm.
MALEE_100_25 = (
    "000201"
    "010212"
    "29390016A0000006770101110315006990000000042"
    "52045812"
    "5303764"
    "5406100.25"
    "5802TH"
    "5915Malee's Noodles"
    "6007Bangkok"
    "621605125D2E4F60718A"
    "80920016example.g-wallet01320197A3C58F007B6A9C315D2E4F60718A0232D974A252DC3D8C2B240530AE7BEBF7F2"
    "63047A7C"
)


def payload_of(**changes: Any) -> str:
    facts: dict[str, Any] = {
        "charge_id": NOODLES,
        "merchant_wallet_id": MALEE,
        "amount": 100_25,
        "merchant_name": "Malee's Noodles",
        "city": "Bangkok",
        "key": KEY,
    }
    return qr.charge_payload(**(facts | changes))


def refusal_of(payload: str, key: bytes = KEY) -> str:
    with pytest.raises(Refusal) as refused:
        qr.read_charge_payload(payload=payload, key=key)
    return refused.value.code


def rewritten(payload: str, **changes: str) -> str:
    """Change single objects of a code, as a forger would, and give it a CRC that fits."""
    fields = emvco.parse(payload)
    for tag, value in changes.items():
        fields[tag.removeprefix("tag_")] = value
    return emvco.build(fields)


def decoded(image: Image.Image) -> list[str]:
    return [code.text for code in zxingcpp.read_barcodes(image) if code.format == zxingcpp.BarcodeFormat.QRCode]


def drawn(svg: str, *, scale: int) -> Image.Image:
    """Paint the bars of an SVG as a browser would: its ground first, then its path, on a black page."""
    root = ET.fromstring(svg)  # noqa: S314  our own, made a line above
    size = int(root.attrib["viewBox"].split()[2])
    image = Image.new("L", (size * scale, size * scale), color=0)
    brush = ImageDraw.Draw(image)
    for path in root.iter("{http://www.w3.org/2000/svg}path"):
        colour = {"#fff": 255, "#000": 0}[path.attrib["fill"]]
        bars = re.findall(r"M(\d+) (\d+)h(\d+)v(\d+)h-\d+z", path.attrib["d"])
        for x, y, width, height in ([int(number) * scale for number in bar] for bar in bars):
            brush.rectangle((x, y, x + width - 1, y + height - 1), fill=colour)
    return image


def test_malees_charge_is_written_to_the_letter() -> None:
    assert payload_of() == MALEE_100_25


def test_somchai_scans_what_malee_asks_for() -> None:
    assert qr.read_charge_payload(payload=MALEE_100_25, key=KEY) == qr.ScannedCharge(
        charge_id=NOODLES, amount=100_25, merchant_wallet_id=MALEE
    )


def test_a_bank_app_reads_it_as_promptpay_to_malees_wallet() -> None:
    fields = emvco.parse(MALEE_100_25)
    assert emvco.parse_template(fields["29"]) == {"00": "A000000677010111", "03": MALEE}
    assert (fields["54"], fields["53"], fields["58"]) == ("100.25", "764", "TH")


def test_a_thai_name_stands_in_the_language_template_and_its_latin_letters_in_the_name() -> None:
    fields = emvco.parse(payload_of(merchant_name="ก๋วยเตี๋ยวป้ามาลี Malee", city="กรุงเทพมหานคร"))
    assert (fields["59"], fields["60"]) == ("Malee", "THAILAND")
    assert emvco.parse_template(fields["64"]) == {"00": "TH", "01": "ก๋วยเตี๋ยวป้ามาลี Malee", "02": "กรุงเทพมหานคร"}


def test_names_longer_than_the_field_are_cut_without_a_hanging_space() -> None:
    fields = emvco.parse(
        payload_of(merchant_name="Malee's Noodles and Soup of the Day", city="Phra Nakhon Si Ayutthaya")
    )
    assert (fields["59"], fields["60"]) == ("Malee's Noodles and Soup", "Phra Nakhon Si")
    assert "64" not in fields


def test_a_name_in_thai_alone_leaves_a_plain_word_for_latin_readers() -> None:
    fields = emvco.parse(payload_of(merchant_name="ร้านป้ามาลี"))
    assert (fields["59"], fields["60"]) == ("MERCHANT", "Bangkok")


@given(
    charge_id=st.uuids(),
    sequence_number=st.integers(min_value=1, max_value=9_999_999_999),
    amount=st.integers(min_value=1, max_value=LARGEST_AMOUNT),
    merchant_name=st.text(alphabet=st.characters(codec="utf-8")),
    city=st.text(alphabet=st.characters(codec="utf-8")),
)
def test_every_charge_is_read_back_as_it_was_asked(
    charge_id: UUID, sequence_number: int, amount: int, merchant_name: str, city: str
) -> None:
    wallet_id = qr.wallet_id_for(sequence_number)
    payload = qr.charge_payload(
        charge_id=charge_id,
        merchant_wallet_id=wallet_id,
        amount=amount,
        merchant_name=merchant_name,
        city=city,
        key=KEY,
    )
    assert qr.read_charge_payload(payload=payload, key=KEY) == qr.ScannedCharge(charge_id, amount, wallet_id)


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        pytest.param("https://line.me/R/ti/p/@malee", "qr_not_payment", id="a link"),
        pytest.param(MALEE_100_25[:-10], "qr_truncated", id="cut off"),
        pytest.param(MALEE_100_25.replace("100.25", "010.25"), "qr_damaged", id="a price written over"),
        pytest.param(
            "00020101021229370016A000000677010111011300668012345675802TH53037645406100.2563047D4A",
            "qr_foreign",
            id="somebody's PromptPay",
        ),
        pytest.param(rewritten(MALEE_100_25, tag_80="0011com.example"), "qr_foreign", id="another wallet's template"),
        pytest.param(rewritten(MALEE_100_25, tag_58="LA", tag_53="418"), "qr_other_country", id="over the border"),
    ],
)
def test_somchai_is_told_why_a_code_cannot_be_paid(payload: str, code: str) -> None:
    assert refusal_of(payload) == code


OUR_TEMPLATE = emvco.parse(MALEE_100_25)["80"]
PROMPTPAY_TO_PRASERT = emvco.parse(MALEE_100_25)["29"].replace(MALEE, PRASERT)


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"tag_29": PROMPTPAY_TO_PRASERT}, id="Prasert puts his wallet into Malee's code"),
        pytest.param({"tag_54": "999.00"}, id="a higher price"),
        pytest.param({"tag_54": "0100.25"}, id="the same price in another form"),
        pytest.param({"tag_54": "100.2"}, id="a price in a form we never write"),
        pytest.param({"tag_54": "100.๒๕"}, id="a price in Thai digits"),
        pytest.param({"tag_80": OUR_TEMPLATE.replace("718A02", "718B02")}, id="another charge"),
        pytest.param({"tag_80": OUR_TEMPLATE.replace("718A02", "718a02")}, id="the charge in small letters"),
        pytest.param({"tag_80": OUR_TEMPLATE[:-1] + "0"}, id="another signature"),
        pytest.param({"tag_80": OUR_TEMPLATE[:-1] + "ก"}, id="a signature that is no signature"),
        pytest.param({"tag_80": OUR_TEMPLATE[:56]}, id="no signature"),
        pytest.param({"tag_80": OUR_TEMPLATE[:20]}, id="our name alone"),
    ],
)
def test_a_code_that_we_did_not_issue_like_this_is_refused(changes: dict[str, str]) -> None:
    assert refusal_of(rewritten(MALEE_100_25, **changes)) == "qr_signature_wrong"


def test_a_code_without_price_or_payee_is_not_ours_either() -> None:
    fields = emvco.parse(MALEE_100_25)
    for tag in ("54", "29"):
        without = emvco.build({other: value for other, value in fields.items() if other != tag})
        assert refusal_of(without) == "qr_signature_wrong"


def test_a_code_signed_with_another_key_is_refused() -> None:
    assert refusal_of(MALEE_100_25, key=b"a key that was changed since") == "qr_signature_wrong"


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"amount": 0}, id="nothing"),
        pytest.param({"amount": -1}, id="less than nothing"),
        pytest.param({"amount": LARGEST_AMOUNT + 1}, id="too much"),
        pytest.param({"merchant_wallet_id": "012345678901234"}, id="another wallet's id"),
        pytest.param({"merchant_wallet_id": "00699000000004"}, id="14 digits"),
        pytest.param({"category_code": "food"}, id="a category in words"),
    ],
)
def test_no_till_can_ask_for_what_no_charge_can_be(changes: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        payload_of(**changes)


def test_wallet_ids_follow_the_sequence() -> None:
    assert qr.wallet_id_for(1) == "006990000000001"
    assert qr.wallet_id_for(9_999_999_999) == "006999999999999"
    for number in (0, -1, 10_000_000_000):
        with pytest.raises(ValueError, match="no wallet id"):
            qr.wallet_id_for(number)


@pytest.mark.parametrize("name", ["Malee's Noodles", "ก๋วยเตี๋ยวเรือสูตรป้ามาลีตลาดน้ำ"])
def test_a_camera_reads_the_picture(name: str) -> None:
    payload = payload_of(merchant_name=name)
    assert decoded(Image.open(io.BytesIO(drawing.png(payload=payload, scale=3)))) == [payload]
    assert decoded(drawn(drawing.svg(payload=payload), scale=3)) == [payload]


def test_the_picture_is_scaled_and_has_its_quiet_zone() -> None:
    small, large = (Image.open(io.BytesIO(drawing.png(payload=MALEE_100_25, scale=scale))) for scale in (1, 5))
    assert large.size == (small.width * 5, small.height * 5)
    # Four modules of white on every side, and then the corner of the code.
    assert small.getpixel((4, 4)) == 0
    assert {small.getpixel((x, y)) for x in range(4) for y in range(small.height)} == {255}
    assert {small.getpixel((x, y)) for x in range(small.width) for y in range(4)} == {255}


def test_a_screen_reader_says_what_the_picture_is() -> None:
    root = ET.fromstring(drawing.svg(payload=MALEE_100_25, title="จ่ายให้ <ป้ามาลี> & ลูก"))  # noqa: S314  our own
    assert root.attrib["role"] == "img"
    assert root.findtext("{http://www.w3.org/2000/svg}title") == "จ่ายให้ <ป้ามาลี> & ลูก"


def test_a_thumb_on_the_code_does_not_stop_the_camera() -> None:
    image = Image.open(io.BytesIO(drawing.png(payload=MALEE_100_25, scale=4))).convert("L")
    # Error correction M mends 15 % of the code words; this hides 4 % of the picture, in the middle.
    middle, thumb = image.width // 2, image.width // 10
    ImageDraw.Draw(image).rectangle((middle, middle, middle + thumb * 2, middle + thumb * 2), fill=255)
    assert decoded(image) == [MALEE_100_25]
