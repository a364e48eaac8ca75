"""Conditions as words: what each fact is called, and how each test is said."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from subsidies.documents.conditions import Condition
from subsidies.plain_words.saying import Said, Speaker, day

NAMES: Final[dict[str, Said]] = {
    "tier": ("กลุ่มของท่าน", "your group"),
    "at.weekday": ("วัน", "the weekday"),
    "at.day": ("วันที่ชำระ", "the day of payment"),
    "at.hour": ("ชั่วโมงที่ชำระ", "the hour of payment"),
    "at.date": ("วันที่ชำระ", "the date of payment"),
    "person.nationality": ("สัญชาติ", "nationality"),
    "person.born_on": ("วันเกิด", "date of birth"),
    "person.age": ("อายุ", "age"),
    "person.birth_year_digit": ("เลขท้ายปีเกิด", "the last digit of the year of birth"),
    "person.province": ("จังหวัดตามทะเบียนบ้าน", "your registered province"),
    "person.district": ("อำเภอตามทะเบียนบ้าน", "your registered district"),
    "person.chosen_province": ("จังหวัดที่เลือก", "the province that you chose"),
    "person.income_satang": ("รายได้ต่อปี", "yearly income"),
    "person.deposits_satang": ("เงินฝาก", "bank deposits"),
    "person.insured_section": ("มาตราประกันสังคม", "section of social security"),
    "person.occupation": ("อาชีพ", "occupation"),
    "person.group": ("กลุ่มในโครงการ", "group in the programme's register"),
    "person.household_size": ("จำนวนสมาชิกในครัวเรือน", "people in the household"),
    "person.children": ("จำนวนเด็กในครัวเรือน", "children in the household"),
    "person.is_household_head": ("เป็นหัวหน้าครัวเรือน", "head of the household"),
    "person.household_is_served": ("คนในครัวเรือนได้สิทธิแล้ว", "someone of the household has a place"),
    "person.places_on_phone": ("จำนวนสิทธิบนโทรศัพท์เดียวกัน", "places on the same phone"),
    "person.is_student": ("เป็นนักเรียนหรือนักศึกษา", "student"),
    "person.is_disabled": ("มีบัตรคนพิการ", "holder of a disability card"),
    "person.verified_on": ("วันยืนยันตัวตน", "the day identity was proven"),
    "person.lists": ("รายชื่อ", "the lists that you are on"),
    "person.enrolled_in": ("โครงการที่อยู่ขณะนี้", "the schemes that you are in"),
    "person.was_enrolled_in": ("โครงการที่เคยอยู่", "the schemes that you have been in"),
    "person.left_before_satang": ("สิทธิที่เหลือจากรอบก่อน", "what was left of the phase before"),
    "person.nights_used_before": ("คืนที่ใช้ไปในรอบก่อน", "nights used in earlier phases"),
    "person.used_before": ("ที่ใช้ไปในรอบก่อน", "what was used in earlier phases"),
    "person.base_spend_satang": ("ยอดใช้จ่ายฐาน", "your spend before the scheme"),
    "person.workday_nights": ("คืนวันจันทร์ถึงพฤหัสบดี", "nights from Monday to Thursday"),
    "person.holiday_nights": ("คืนวันศุกร์ถึงอาทิตย์", "nights from Friday to Sunday"),
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
    "merchant.is_vat_registered": ("ร้านจดทะเบียนภาษีมูลค่าเพิ่ม", "the shop is registered for VAT"),
    "merchant.is_franchise": ("ร้านเป็นแฟรนไชส์", "the shop is a franchise"),
    "merchant.is_tax_registered": ("ร้านยื่นภาษีเงินได้", "the shop files income tax"),
    "merchant.lists": ("รายชื่อที่ร้านอยู่", "the lists that the shop is on"),
    "merchant.accepted_schemes": ("โครงการที่ร้านเข้าร่วม", "the schemes that the shop takes part in"),
    "merchant.accepted_on": ("วันที่ร้านยอมรับเงื่อนไขโครงการ", "the day on which the shop accepted the scheme's terms"),
    "sale.channel": ("ช่องทาง", "the channel"),
    "sale.token": ("วิธียืนยัน", "how you confirm"),
    "sale.platform": ("แพลตฟอร์มที่สั่ง", "the platform of the order"),
    "sale.covers": ("จำนวนผู้รับประทาน", "people who eat"),
    "sale.nights": ("จำนวนคืน", "nights"),
    "sale.rooms": ("จำนวนห้อง", "rooms"),
    "sale.starts_on": ("วันแรกที่ใช้บริการ", "the first day of use"),
    "sale.day": ("วันที่ใช้บริการ", "the day of use"),
    "sale.ends_on": ("วันสุดท้ายที่ใช้บริการ", "the last day of use"),
    "sale.seats": ("จำนวนที่นั่ง", "seats"),
    "sale.lead_days": ("จำนวนวันล่วงหน้า", "days ahead"),
    "sale.distance_m": ("ระยะระหว่างโทรศัพท์ (เมตร)", "metres between the phones"),
    "sale.home_distance_m": ("ระยะจากบ้านถึงร้าน (เมตร)", "metres between home and shop"),
    "sale.is_face_to_face": ("สแกนต่อหน้ากัน", "face to face"),
    "sale.units": ("จำนวนหน่วย", "units on the meter"),
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

TESTS: Final[dict[str, Said]] = {
    "is": ("{fact}: {value}", "{fact}: {value}"),
    "is_not": ("{fact}: ไม่ใช่ {value}", "{fact}: not {value}"),
    "one_of": ("{fact}: {value}", "{fact}: {value}"),
    "none_of": ("{fact}: ไม่ใช่ {value}", "{fact}: not {value}"),
    "at_least": ("{fact}: ตั้งแต่ {value} ขึ้นไป", "{fact}: {value} or more"),
    "at_most": ("{fact}: ไม่เกิน {value}", "{fact}: {value} at most"),
    "above": ("{fact}: มากกว่า {value}", "{fact}: above {value}"),
    "below": ("{fact}: น้อยกว่า {value}", "{fact}: below {value}"),
    "has": ("{fact}: มี {value}", "{fact}: {value} is among them"),
    "has_none_of": ("{fact}: ไม่มี {value}", "{fact}: without {value}"),
    "same_as": ("{fact} ตรงกับ {value}", "{fact} is {value}"),
    "differs_from": ("{fact} ไม่ใช่ {value}", "{fact} is not {value}"),
    "in_or_next_to": ("{fact} อยู่ใน {value} หรือติดกัน", "{fact} is {value} or next to it"),
}


def when(conditions: Sequence[Condition], speaker: Speaker, tiers: dict[str, Said]) -> Said:
    """Say conditions that must all hold, in brackets; nothing where there are none."""
    if not conditions:
        return "", ""
    said = [condition_said(condition, speaker, tiers) for condition in conditions]
    return f" ({'; '.join(th for th, _ in said)})", f" ({'; '.join(en for _, en in said)})"


def condition_said(condition: Condition, speaker: Speaker, tiers: dict[str, Said]) -> Said:
    """Say one condition."""
    test, value = condition.test
    thai, english = TESTS[test]
    name = NAMES[condition.fact]
    shown = NAMES[value] if condition.other_fact else _value(condition.fact, value, speaker, tiers)
    on = ("", "") if condition.on is None else day(condition.on)
    return (
        thai.format(fact=name[0], value=shown[0]) + (f" ณ วันที่ {on[0]}" if on[0] else ""),
        english.format(fact=name[1], value=shown[1]) + (f" on {on[1]}" if on[1] else ""),
    )


def _value(fact: str, value: Any, speaker: Speaker, tiers: dict[str, Said]) -> Said:
    if isinstance(value, list):
        said = [_value(fact, one, speaker, tiers) for one in value]
        return ", ".join(th for th, _ in said), ", ".join(en for _, en in said)
    if isinstance(value, bool):
        return ("ใช่", "yes") if value else ("ไม่ใช่", "no")
    if fact.endswith("_satang"):
        return speaker.money(value)
    if isinstance(value, date):
        return day(value)
    if fact == "tier":
        return tiers.get(value, (value, value))
    return word(str(value), speaker)


def word(code: str, speaker: Speaker) -> Said:
    """Say a code: in the document's own words, or in ours; one without words is shown as it is written."""
    return speaker.own_words.get(code) or VALUES.get(code, (code, code))


def words(codes: Sequence[str], speaker: Speaker) -> Said:
    """Say several codes."""
    said = [word(code, speaker) for code in codes]
    return ", ".join(th for th, _ in said), ", ".join(en for _, en in said)
