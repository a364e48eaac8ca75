"""Who is at the market. Two citizens and two stalls have names; the others are called what they are.

Nobody here exists: identity numbers, phones and bank accounts are counted up, with check digits that are right.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

from wallet.clock import BANGKOK
from wallet.money import Satang

PLUS: Final = "khon-la-khrueng-plus"

# Registration opened on 20 October 2025 at 06:00. The market day is a Monday, in the first week of delivery.
REGISTRATION: Final = dt.datetime(2025, 10, 20, 6, 0, tzinfo=BANGKOK)
MARKET_DAY: Final = dt.date(2025, 11, 10)


@dataclass(frozen=True, slots=True)
class Who:
    """One citizen, as the identity provider knows them."""

    number: int
    name: str
    name_th: str
    born_on: dt.date = dt.date(1990, 5, 17)

    @property
    def national_id(self) -> str:
        """Thirteen digits, of which the last checks the others."""
        body = f"1{self.number:011d}"
        weighed = sum(int(digit) * (13 - place) for place, digit in enumerate(body))
        return f"{body}{(11 - weighed % 11) % 10}"

    @property
    def phone(self) -> str:
        """A phone number that is counted up."""
        return f"08{self.number:08d}"

    @property
    def pin(self) -> str:
        """Six digits that nobody tries first."""
        return f"{(314_159 + 27_183 * self.number) % 1_000_000:06d}"

    @property
    def facts(self) -> dict[str, Any]:
        """What schemes judge a person by."""
        return {"nationality": "TH", "province": "กรุงเทพมหานคร"}


SOMCHAI: Final = Who(1, "Somchai", "สมชาย")
NOK: Final = Who(2, "Nok", "นก")
CITIZENS: Final = (
    SOMCHAI,
    NOK,
    *(Who(number, f"citizen {number:02d}", f"ประชาชน {number:02d}") for number in range(3, 51)),
)
# Tops up by a tenth of what the others do, and buys one thing only.
HARD_UP: Final = CITIZENS[7]
# Fifteen years old when registration opens.
SCHOOLCHILD: Final = Who(51, "a schoolchild", "นักเรียน", born_on=dt.date(2010, 3, 2))


@dataclass(frozen=True, slots=True)
class Shop:
    """One shop: what schemes judge it by, where it wants its money, and what it asks for its goods, in satang."""

    code: str
    name: str
    name_th: str
    bank_account: str
    prices: tuple[Satang, ...]
    kind: str = "food"
    legal_form: str = "natural_person"
    bank_code: str = "KRTHTHBK"

    @property
    def facts(self) -> dict[str, Any]:
        """What schemes judge a shop by."""
        return {"legal_form": self.legal_form, "class": self.kind, "province": "กรุงเทพมหานคร", "district": "พระนคร"}


MALEE: Final = Shop("malee", "Malee's noodles", "ก๋วยเตี๋ยวเรือมาลี", "1000000014", (50_00, 60_00, 75_00, 85_00))
PRASERT: Final = Shop("prasert", "Prasert's rice", "ข้าวแกงประเสริฐ", "1000000022", (45_00, 55_00, 80_00, 120_00))
VEGETABLES: Final = Shop("vegetables", "Vegetable stall", "แผงผัก", "1000000030", (18_75, 37_25, 41_33, 66_01))
FRUIT: Final = Shop("fruit", "Fruit stall", "แผงผลไม้", "1000000048", (40_00, 62_50, 99_01, 135_00))
COFFEE: Final = Shop("coffee", "Coffee cart", "รถเข็นกาแฟ", "1000000055", (25_00, 35_00, 40_00, 55_00))
SWEETS: Final = Shop("sweets", "Sweets stall", "ร้านขนมหวาน", "1000000063", (20_00, 30_00, 45_50, 70_00))
GROCER: Final = Shop(
    "grocer", "Grocer", "ร้านขายของชำ", "1000000071", (59_00, 89_00, 145_00, 210_00), kind="general_goods"
)
CHAIN: Final = Shop(
    *("chain", "Convenience store", "ร้านสะดวกซื้อแฟรนไชส์", "1000000089", (35_00, 49_00)),
    kind="franchise_convenience_store",
    legal_form="juristic_person",
)
SHOPS: Final = (MALEE, PRASERT, VEGETABLES, FRUIT, COFFEE, SWEETS, GROCER, CHAIN)
# Its owner closed the bank account and forgot to say so: the bank will send its money back.
ACCOUNT_CLOSED: Final = SWEETS


@dataclass(frozen=True, slots=True)
class Employee:
    """A finance officer, as they sign in; the second factor is made on the stage."""

    username: str
    name: str
    password: str


PLOY: Final = Employee("ploy", "Ploy", "mango-sticky-rice-2568")
ANAN: Final = Employee("anan", "Anan", "papaya-salad-no-chili-2568")


def at(hour: int, minute: int = 0, second: int = 0, *, days: int = 0) -> dt.datetime:
    """Return an instant of the market day in Bangkok, or of a day so many days later."""
    date = MARKET_DAY + dt.timedelta(days=days)
    return dt.datetime(date.year, date.month, date.day, hour, minute, second, tzinfo=BANGKOK)
