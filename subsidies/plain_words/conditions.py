"""Conditions as words: what each fact is called, and how each test is said."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from subsidies.documents.conditions import Condition
from subsidies.plain_words.saying import Said, Speaker, all_of, any_of, day

NAMES: Final[dict[str, Said]] = {
    "tier": ("กลุ่มของท่าน", "your group"),
    "at.weekday": ("วัน", "the weekday"),
    "at.day": ("วันที่ชำระ", "the day of payment"),
    "at.hour": ("ชั่วโมงที่ชำระ", "the hour of payment"),
    "at.date": ("วันที่ชำระ", "the date of payment"),
    "person.nationality": ("สัญชาติของท่าน", "your nationality"),
    "person.born_on": ("วันเกิดของท่าน", "your date of birth"),
    "person.age": ("อายุของท่าน", "your age"),
    "person.birth_year_digit": ("เลขท้ายปีเกิดของท่าน", "the last digit of your year of birth"),
    "person.province": ("จังหวัดตามทะเบียนบ้าน", "your registered province"),
    "person.district": ("อำเภอตามทะเบียนบ้าน", "your registered district"),
    "person.chosen_province": ("จังหวัดที่เลือก", "the province that you chose"),
    "person.income_satang": ("รายได้ต่อปีของท่าน", "your yearly income"),
    "person.deposits_satang": ("เงินฝากของท่าน", "the sum of your bank deposits"),
    "person.insured_section": ("มาตราประกันสังคมของท่าน", "your section of social security"),
    "person.occupation": ("อาชีพของท่าน", "your occupation"),
    "person.group": ("กลุ่มของท่านในทะเบียนโครงการ", "your group in the programme's register"),
    "person.household_size": ("จำนวนสมาชิกในครัวเรือน", "the number of people in your household"),
    "person.children": ("จำนวนเด็กในครัวเรือน", "the number of children in your household"),
    "person.is_household_head": ("หัวหน้าครัวเรือน", "the head of your household"),
    "person.household_is_served": ("สิทธิของครัวเรือน", "the place of your household"),
    "person.places_on_phone": ("จำนวนสิทธิบนโทรศัพท์เดียวกัน", "the number of places on the same phone"),
    "person.is_student": ("การเป็นนักเรียนหรือนักศึกษา", "being a student"),
    "person.is_disabled": ("บัตรคนพิการ", "a disability card"),
    "person.verified_on": ("วันที่ท่านยืนยันตัวตน", "the day on which your identity was proven"),
    "person.lists": ("รายชื่อ", "the lists that you are on"),
    "person.enrolled_in": ("โครงการที่อยู่ขณะนี้", "the schemes that you are in"),
    "person.was_enrolled_in": ("โครงการที่เคยอยู่", "the schemes that you have been in"),
    "person.left_before_satang": ("สิทธิที่เหลือจากรอบก่อน", "what was left of the phase before"),
    "person.nights_used_before": ("จำนวนคืนที่ใช้ไปในรอบก่อน", "the number of nights used in earlier phases"),
    "person.used_before": ("ที่ใช้ไปในรอบก่อน", "what was used in earlier phases"),
    "person.base_spend_satang": ("ยอดใช้จ่ายฐาน", "your spend before the scheme"),
    "person.workday_nights": ("จำนวนคืนวันจันทร์ถึงพฤหัสบดี", "the number of nights from Monday to Thursday"),
    "person.holiday_nights": ("จำนวนคืนวันศุกร์ถึงอาทิตย์", "the number of nights from Friday to Sunday"),
    "person.stay_from": ("วันเข้าพัก", "the first day of the stay"),
    "person.stay_until": ("วันสุดท้ายของการพัก", "the last day of the stay"),
    "merchant.legal_form": ("ประเภทบุคคลของร้าน", "the shop's legal form"),
    "merchant.class": ("ประเภทร้าน", "the kind of shop"),
    "merchant.category_code": ("รหัสประเภทร้าน", "the shop's category code"),
    "merchant.platform": ("แพลตฟอร์มของร้าน", "the shop's platform"),
    "merchant.province": ("จังหวัดของร้าน", "the shop's province"),
    "merchant.district": ("อำเภอของร้าน", "the shop's district"),
    "merchant.place_class": ("ประเภทเมืองของร้าน", "the class of the shop's town"),
    "merchant.turnover_satang": ("รายได้ของร้านต่อปี", "the shop's yearly income"),
    "merchant.is_vat_registered": ("การจดทะเบียนภาษีมูลค่าเพิ่มของร้าน", "the shop's registration for VAT"),
    "merchant.is_franchise": ("แฟรนไชส์ของร้าน", "the shop's franchise"),
    "merchant.is_tax_registered": ("ภาษีเงินได้ของร้าน", "the shop's income tax"),
    "merchant.lists": ("รายชื่อที่ร้านอยู่", "the lists that the shop is on"),
    "merchant.accepted_schemes": ("โครงการที่ร้านเข้าร่วม", "the schemes that the shop takes part in"),
    "merchant.accepted_on": ("วันที่ร้านยอมรับเงื่อนไขโครงการ", "the day on which the shop accepted the scheme's terms"),
    "sale.channel": ("ช่องทาง", "the channel"),
    "sale.token": ("วิธียืนยัน", "how you confirm"),
    "sale.platform": ("แพลตฟอร์มที่สั่ง", "the platform of the order"),
    "sale.covers": ("จำนวนผู้รับประทาน", "the number of people who eat"),
    "sale.nights": ("จำนวนคืน", "the number of nights"),
    "sale.rooms": ("จำนวนห้อง", "the number of rooms"),
    "sale.starts_on": ("วันแรกที่ใช้บริการ", "the first day of use"),
    "sale.day": ("วันที่ใช้บริการ", "the day of use"),
    "sale.ends_on": ("วันสุดท้ายที่ใช้บริการ", "the last day of use"),
    "sale.seats": ("จำนวนที่นั่ง", "the number of seats"),
    "sale.lead_days": ("จำนวนวันล่วงหน้า", "the number of days ahead"),
    "sale.distance_m": ("ระยะระหว่างโทรศัพท์เป็นเมตร", "the number of metres between the phones"),
    "sale.home_distance_m": ("ระยะจากบ้านถึงร้านเป็นเมตร", "the number of metres between home and shop"),
    "sale.is_face_to_face": ("การสแกนต่อหน้ากัน", "scanning face to face"),
    "sale.units": ("จำนวนหน่วย", "the number of units on the meter"),
}

VALUES: Final[dict[str, Said]] = {
    "workday": ("วันทำงาน", "a workday"),
    "holiday": ("วันหยุด", "a weekend or holiday"),
    "main_city": ("เมืองหลัก", "a main city"),
    "secondary_city": ("เมืองรอง", "a secondary city"),
    "natural_person": ("บุคคลธรรมดา", "a natural person"),
    "juristic_person": ("นิติบุคคล", "a company"),
    "cooperative": ("สหกรณ์", "a cooperative"),
    "community_fund": ("กองทุนชุมชน", "a community fund"),
    "blue_flag": ("ธงฟ้า", "Blue Flag"),
    "restaurant": ("ร้านอาหาร", "restaurants"),
    "hotel": ("ที่พัก", "hotels"),
    "transport": ("ขนส่งสาธารณะ", "public transport"),
    "food": ("อาหาร", "food"),
    "drink": ("เครื่องดื่ม", "drinks"),
    "lottery": ("สลากกินแบ่ง", "lottery"),
    "alcohol": ("เครื่องดื่มแอลกอฮอล์", "alcohol"),
    "tobacco": ("ยาสูบ", "tobacco"),
    "gift_voucher": ("บัตรกำนัล", "gift vouchers"),
    "gift_card": ("บัตรของขวัญ", "gift cards"),
    "cash_card": ("บัตรเงินสด", "cash cards"),
    "prepaid": ("สินค้าและบริการจ่ายล่วงหน้า", "prepaid goods and services"),
    "delivery_fee": ("ค่าจัดส่ง", "delivery fees"),
    "fuel": ("น้ำมันเชื้อเพลิง", "fuel"),
    "shop": ("ร้านค้า", "shops"),
    "delivery": ("สั่งส่งถึงบ้าน", "delivery"),
    "app": ("แอป", "the app"),
    "id_card": ("บัตรประชาชน", "the ID card"),
    "TH": ("ไทย", "Thai"),
    "booking": ("จองที่พัก", "booking"),
    "bill": ("บิลค่าบริการ", "bills"),
    "eat_in": ("รับประทานที่ร้าน", "eating in"),
    "link": ("ลิงก์", "the link"),
    "printed_note": ("คูปองกระดาษ", "printed vouchers"),
    "sms": ("ข้อความ SMS", "SMS"),
    "qr": ("คิวอาร์", "QR"),
    "attraction": ("สถานที่ท่องเที่ยว", "attractions"),
    "airline": ("สายการบิน", "airlines"),
    "general": ("สินค้าทั่วไป", "general goods"),
    "service": ("บริการ", "services"),
    "otop": ("โอทอป", "OTOP"),
    "convenience_store": ("ร้านสะดวกซื้อ", "convenience stores"),
    "supermarket": ("ซูเปอร์มาร์เก็ต", "supermarkets"),
    "hawker": ("ร้านหาบเร่แผงลอย", "hawkers"),
    "heartland": ("ร้านในชุมชน", "heartland shops"),
    "lpg": ("ก๊าซหุงต้ม", "cooking gas"),
    "electricity": ("ไฟฟ้า", "electricity"),
    "water": ("น้ำประปา", "water"),
    "soft_drink": ("เครื่องดื่มไม่มีแอลกอฮอล์", "soft drinks"),
    "vehicle_gas": ("ก๊าซสำหรับยานพาหนะ", "gas for vehicles"),
    "natural_gas": ("ก๊าซธรรมชาติ", "natural gas"),
    "cash": ("เงินสด", "cash"),
    "cash_voucher": ("บัตรแทนเงินสด", "cash vouchers"),
    "cannabis": ("กัญชา", "cannabis"),
    "kratom": ("กระท่อม", "kratom"),
    "gold": ("ทองคำ", "gold"),
    "diamond": ("เพชร", "diamonds"),
    "gem": ("อัญมณี", "gems"),
    "appliance": ("เครื่องใช้ไฟฟ้า", "electrical appliances"),
    "electronics": ("อิเล็กทรอนิกส์", "electronics"),
    "communication_device": ("อุปกรณ์สื่อสาร", "communication devices"),
    "debt": ("การชำระหนี้", "debts"),
    "fruit": ("ผลไม้", "fruit"),
    "vegetable": ("ผัก", "vegetables"),
    "milk": ("นม", "milk"),
    "eggs": ("ไข่", "eggs"),
    "cereal": ("ซีเรียล", "cereal"),
    "civil_servant": ("ข้าราชการ", "civil servants"),
    "child": ("เด็ก", "a child"),
    "pregnant": ("ตั้งครรภ์", "pregnant"),
    "postpartum": ("หลังคลอด", "after a birth"),
    "breastfeeding": ("ให้นมบุตร", "breastfeeding"),
}

# A test of one fact as a clause, so that it can follow "if": where a fact has none of its own, this is how.
TESTS: Final[dict[str, Said]] = {
    "is": ("{fact}คือ {value}", "{fact} is {value}"),
    "is_not": ("{fact}ไม่ใช่ {value}", "{fact} is not {value}"),
    "one_of": ("{fact}คือ {value}", "{fact} is {value}"),
    "none_of": ("{fact}ไม่ใช่ {value}", "{fact} is not {value}"),
    "at_least": ("{fact}ตั้งแต่ {value} ขึ้นไป", "{fact} is {value} or more"),
    "at_most": ("{fact}ไม่เกิน {value}", "{fact} is at most {value}"),
    "above": ("{fact}มากกว่า {value}", "{fact} is above {value}"),
    "below": ("{fact}น้อยกว่า {value}", "{fact} is below {value}"),
    "has": ("{fact}มี {value}", "{fact} include {value}"),
    "has_none_of": ("{fact}ไม่มี {value}", "{fact} do not include {value}"),
    "same_as": ("{fact}ตรงกับ{value}", "{fact} is {value}"),
    "differs_from": ("{fact}ไม่ใช่{value}", "{fact} is not {value}"),
    "in_or_next_to": ("{fact}อยู่ใน{value}หรือติดกัน", "{fact} is {value} or next to it"),
}
OF_DATES: Final[dict[str, Said]] = {
    "at_least": ("{fact}ตั้งแต่ {value} เป็นต้นไป", "{fact} is {value} or later"),
    "at_most": ("{fact}ไม่เกินวันที่ {value}", "{fact} is {value} or earlier"),
    "above": ("{fact}หลัง {value}", "{fact} is after {value}"),
    "below": ("{fact}ก่อน {value}", "{fact} is before {value}"),
}
OF_FACTS: Final[dict[tuple[str, str], Said]] = {
    ("tier", "is"): ("ท่านอยู่ในกลุ่ม {value}", "you are in the group {value}"),
    ("tier", "one_of"): ("ท่านอยู่ในกลุ่ม {value}", "you are in the group {value}"),
    ("tier", "is_not"): ("ท่านไม่อยู่ในกลุ่ม {value}", "you are not in the group {value}"),
    ("tier", "none_of"): ("ท่านไม่อยู่ในกลุ่ม {value}", "you are not in the group {value}"),
    ("person.age", "at_least"): ("ท่านมีอายุ {value} ปีขึ้นไป", "you are {value} or older"),
    ("person.age", "at_most"): ("ท่านมีอายุไม่เกิน {value} ปี", "you are {value} or younger"),
    ("person.age", "above"): ("ท่านมีอายุมากกว่า {value} ปี", "you are older than {value}"),
    ("person.age", "below"): ("ท่านมีอายุน้อยกว่า {value} ปี", "you are younger than {value}"),
    ("person.income_satang", "at_most"): ("รายได้ของท่านไม่เกิน {value} ต่อปี", "your income is at most {value} a year"),
    ("person.lists", "has"): ("ท่านมีชื่อในรายชื่อ {value}", "you are on the list {value}"),
    ("person.lists", "has_none_of"): ("ท่านไม่มีชื่อในรายชื่อ {value}", "you are not on the list {value}"),
    ("person.enrolled_in", "has"): ("ท่านอยู่ในโครงการ {value}", "you are in {value}"),
    ("person.enrolled_in", "has_none_of"): ("ท่านไม่อยู่ในโครงการ {value}", "you are not in {value}"),
    ("person.was_enrolled_in", "has"): ("ท่านเคยอยู่ในโครงการ {value}", "you have been in {value}"),
    ("person.was_enrolled_in", "has_none_of"): ("ท่านไม่เคยอยู่ในโครงการ {value}", "you have never been in {value}"),
    ("merchant.legal_form", "is"): ("ร้านเป็นของ{value}", "the shop belongs to {value}"),
    ("merchant.legal_form", "one_of"): ("ร้านเป็นของ{value}", "the shop belongs to {value}"),
    ("merchant.class", "is"): ("ร้านเป็นประเภท{value}", "the shop's kind is {value}"),
    ("merchant.class", "one_of"): ("ร้านเป็นประเภท{value}", "the shop's kind is {value}"),
    ("merchant.lists", "has"): ("ร้านมีชื่อในรายชื่อ {value}", "the shop is on the list {value}"),
    ("merchant.lists", "has_none_of"): ("ร้านไม่มีชื่อในรายชื่อ {value}", "the shop is not on the list {value}"),
    ("merchant.place_class", "is"): ("ร้านอยู่ใน{value}", "the shop is in {value}"),
    ("merchant.turnover_satang", "at_most"): (
        "รายได้ของร้านไม่เกิน {value} ต่อปี",
        "the shop's income is at most {value} a year",
    ),
    ("sale.day", "is"): ("ใช้บริการใน{value}", "you use it on {value}"),
}
# What holds or does not: each fact with both.
FLAGS: Final[dict[str, tuple[Said, Said]]] = {
    "person.is_household_head": (
        ("ท่านเป็นหัวหน้าครัวเรือน", "you are the head of your household"),
        ("ท่านไม่ใช่หัวหน้าครัวเรือน", "you are not the head of your household"),
    ),
    "person.household_is_served": (
        ("มีคนในครัวเรือนได้สิทธิแล้ว", "somebody of your household has a place"),
        ("ยังไม่มีใครในครัวเรือนได้สิทธิ", "nobody of your household has a place"),
    ),
    "person.is_student": (
        ("ท่านเป็นนักเรียนหรือนักศึกษา", "you are a student"),
        ("ท่านไม่ใช่นักเรียนหรือนักศึกษา", "you are not a student"),
    ),
    "person.is_disabled": (
        ("ท่านมีบัตรคนพิการ", "you have a disability card"),
        ("ท่านไม่มีบัตรคนพิการ", "you have no disability card"),
    ),
    "merchant.is_vat_registered": (
        ("ร้านจดทะเบียนภาษีมูลค่าเพิ่ม", "the shop is registered for VAT"),
        ("ร้านไม่ได้จดทะเบียนภาษีมูลค่าเพิ่ม", "the shop is not registered for VAT"),
    ),
    "merchant.is_franchise": (
        ("ร้านเป็นแฟรนไชส์", "the shop is a franchise"),
        ("ร้านไม่ใช่แฟรนไชส์", "the shop is not a franchise"),
    ),
    "merchant.is_tax_registered": (
        ("ร้านยื่นภาษีเงินได้", "the shop files income tax"),
        ("ร้านไม่ได้ยื่นภาษีเงินได้", "the shop does not file income tax"),
    ),
    "sale.is_face_to_face": (
        ("สแกนต่อหน้ากัน", "you scan face to face"),
        ("ไม่ได้สแกนต่อหน้ากัน", "you do not scan face to face"),
    ),
}
# Names that are quoted, because they are somebody's own: a group's, a list's.
QUOTED: Final = frozenset({"tier", "person.lists", "merchant.lists"})


def when(conditions: Sequence[Condition], speaker: Speaker, tiers: dict[str, Said]) -> Said:
    """Say conditions that must all hold, as "if" and clauses; nothing where there are none."""
    if not conditions:
        return "", ""
    said = [condition_said(condition, speaker, tiers) for condition in conditions]
    return f" หาก{' และ'.join(th for th, _ in said)}", f" if {' and '.join(en for _, en in said)}"


def condition_said(condition: Condition, speaker: Speaker, tiers: dict[str, Said]) -> Said:
    """Say one condition as a clause."""
    test, value = condition.test
    if isinstance(value, bool):
        holds, does_not = FLAGS[condition.fact]
        return holds if value else does_not
    name = NAMES[condition.fact]
    thai, english = OF_FACTS.get((condition.fact, test)) or (OF_DATES if isinstance(value, date) else TESTS).get(
        test, TESTS[test]
    )
    shown = NAMES[value] if condition.other_fact else _value(condition.fact, value, speaker, tiers)
    day_thai, day_english = ("", "")
    if condition.on is not None:
        on = day(condition.on)
        day_thai, day_english = f" ณ วันที่ {on[0]}", f" {'as of' if condition.fact in QUOTED else 'on'} {on[1]}"
    return (
        thai.format(fact=name[0], value=shown[0]) + day_thai,
        english.format(fact=name[1], value=shown[1]) + day_english,
    )


def _value(fact: str, value: Any, speaker: Speaker, tiers: dict[str, Said]) -> Said:
    if isinstance(value, list):
        return any_of(_value(fact, one, speaker, tiers) for one in value)
    if fact.endswith("_satang"):
        return speaker.money(value)
    if isinstance(value, date):
        return day(value)
    said = tiers.get(value, (value, value)) if fact == "tier" else word(str(value), speaker)
    return (f"“{said[0]}”", f"“{said[1]}”") if fact in QUOTED else said


def word(code: str, speaker: Speaker) -> Said:
    """Say a code: in the document's own words, or in ours; one without words is shown as it is written."""
    return speaker.own_words.get(code) or VALUES.get(code, (code, code))


def words(codes: Sequence[str], speaker: Speaker) -> Said:
    """Say several codes, all of them."""
    return all_of(word(code, speaker) for code in codes)


def any_words(codes: Sequence[str], speaker: Speaker) -> Said:
    """Say several codes, any of them."""
    return any_of(word(code, speaker) for code in codes)
