"""The cast, set on stage through the same operations that the doors call; and the books as one picture.

Somchai is enrolled, Nok is not; Malee and Prasert have stalls; Ploy and Anan are finance officers. It is Friday,
31 October 2025, noon in Bangkok, three days into คนละครึ่ง พลัส.
"""

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID, uuid4

from django.db import connection

from merchants import charges, onboarding, payments, scans, tills
from merchants.models import Charge, Merchant, Payment, Till
from merchants.receipts import Receipt
from merchants.terms import Terms
from subsidies import documents, enrolment, funding, publishing
from subsidies.models import Scheme
from wallet import ledger, people
from wallet.accounts import STRIPE, AccountKind, cash
from wallet.audit import Actor
from wallet.clock import BANGKOK
from wallet.identity import Identity
from wallet.models import BusinessDay, Channel, Device, TopUp, TransferKind
from wallet.proofs import PinProof

NOON = dt.datetime(2025, 10, 31, 12, 0, tzinfo=BANGKOK)
OPENING = dt.datetime(2025, 10, 20, 6, 0, tzinfo=BANGKOK)
PUBLISHED = dt.datetime(2025, 10, 15, 9, 0, tzinfo=BANGKOK)
PLUS = "khon-la-khrueng-plus"
PLUS_FILE = Path(__file__).parent.parent / "subsidies" / "library" / f"{PLUS}.toml"
PIN = "246813"
STAGE_HAND = Actor("timetable", "tests")


@dataclass
class Citizen:
    """A citizen as tests need them: who they are, and what their phone remembers."""

    name: str
    id: UUID
    device: Device


@dataclass
class Stall:
    """A merchant with one till and its secret."""

    name: str
    merchant: Merchant
    till: Till
    secret: str


@dataclass
class Stage:
    """One market with its open books; give people names here so that `books()` can say them."""

    names: dict[UUID, str] = field(default_factory=dict)
    people: int = 0

    def open_books(self) -> None:
        """Open the first day of the books: the 31st."""
        BusinessDay.objects.create(business_date=NOON.date(), opened_at=PUBLISHED)

    def scheme(self, *, document: str | None = None, funded: int = 10_000_000_00) -> Scheme:
        """Publish a scheme (คนละครึ่ง พลัส unless another is given) and fund it, in satang."""
        text = document or PLUS_FILE.read_text(encoding="utf-8")
        day_before = documents.read(text).scheme.effective_at - dt.timedelta(days=1)
        version = publishing.publish(document=text, actor=STAGE_HAND, at=min(PUBLISHED, day_before))
        if funded:
            funding.remit(amount=funded, cause=uuid4(), actor=STAGE_HAND, at=PUBLISHED)
            funding.allot(scheme=version.scheme, amount=funded, cause=uuid4(), actor=STAGE_HAND, at=PUBLISHED)
        self.names[version.scheme_id] = version.scheme.code
        return version.scheme

    def citizen(
        self,
        name: str,
        *,
        cash_satang: int = 0,
        enrolled: str | None = None,
        born_on: dt.date = dt.date(1988, 2, 9),
        **facts: object,
    ) -> Citizen:
        """Let a Thai of 37 join, with money that came by a top-up and, if wished, a place in a scheme.

        :param facts: what the identity provider says of them besides.
        """
        device = people.join(
            identity=Identity(
                national_id=thai_id(self.people),
                name=f"{name} ใจดี",
                phone=f"08{self.people:08d}",
                born_on=born_on,
                facts={"nationality": "TH", "province": "กรุงเทพมหานคร", **facts},
            ),
            pin=PIN,
            device_name="phone",
            device_key=None,
            at=OPENING,
        )
        self.people += 1
        someone = Citizen(name, device.citizen_id, device)
        self.names[someone.id] = name
        if enrolled:
            joined = enrolment.enrol(citizen_id=someone.id, code=enrolled, key=f"enrol {name}", at=OPENING)
            assert joined.enrolment is not None
            self.names[joined.enrolment.id] = name
        if cash_satang:
            give(someone, cash_satang)
        return someone

    def stall(self, name: str, **facts: str) -> Stall:
        """Open a small food stall with one till."""
        merchant = onboarding.open_shop(
            name=f"ร้าน {name}",
            name_en=f"{name} food",
            city="Bangkok",
            facts={"legal_form": "natural_person", "class": "food", "province": "กรุงเทพมหานคร", **facts},
            bank_code="KRTHTHBK",
            bank_account="1234567890",
            actor=STAGE_HAND,
            at=PUBLISHED,
        )
        till, secret = tills.add(merchant=merchant, name="till 1", actor=STAGE_HAND, at=PUBLISHED)
        self.names[merchant.id] = name
        return Stall(name, merchant, till, secret)

    def books(self, *kinds: AccountKind) -> dict[str, int]:
        """Return every account that is not zero, in satang, by the names of the cast; or only those of some kinds."""
        with connection.cursor() as cursor:
            cursor.execute("""
                SELECT kind, id, sum(amount) FROM (
                    SELECT to_kind AS kind, to_id AS id, amount FROM wallet_transfer
                    UNION ALL SELECT from_kind, from_id, -amount FROM wallet_transfer) leg
                 GROUP BY 1, 2 HAVING sum(amount) <> 0
            """)
            rows = cursor.fetchall()
        wanted = set(kinds) or {AccountKind.CASH, AccountKind.PURSE, AccountKind.PAYABLE}
        return {
            f"{AccountKind(kind).label}:{self.names.get(id_, id_)}": int(amount)
            for kind, id_, amount in rows
            if kind in wanted
        }


def give(someone: Citizen, satang: int) -> None:
    """Put money into a citizen's cash as a confirmed top-up would."""
    with ledger.posting(citizens=[someone.id]) as business_date:
        top_up = TopUp.objects.create(citizen_id=someone.id, amount=satang, asked_at=OPENING, confirmed_at=OPENING)
        move = ledger.Move(
            source=STRIPE,
            target=cash(someone.id),
            amount=satang,
            kind=TransferKind.TOP_UP,
            cause=top_up.id,
            owner_id=someone.id,
        )
        ledger.post(moves=[move], business_date=business_date, at=OPENING)


def ask(stall: Stall, satang: int, *, at: dt.datetime = NOON, channel: Channel = Channel.SHOP) -> Charge:
    """Let a stall ask for money."""
    return charges.ask(
        till=stall.till, amount=satang, channel=channel, lines=[], facts={}, note="", key=str(uuid4()), at=at
    )


def terms_for(
    someone: Citizen, charge: Charge, *, schemes_chosen: tuple[str, ...] | None = None, at: dt.datetime = NOON
) -> Terms:
    """Return the terms that the phone shows after scanning a charge's QR."""
    offer = scans.scan(citizen_id=someone.id, payload=charges.payload(charge), schemes=schemes_chosen, at=at)
    if offer.split is None:
        assert offer.refusal is not None
        raise offer.refusal
    return Terms(
        charge_id=charge.id,
        price=offer.price,
        own_part=offer.split.citizen,
        schemes=offer.schemes,
        nonce="0123456789abcdef",
        pays_all=offer.pays_all,
    )


def confirm(
    someone: Citizen, terms: Terms, *, pin: str = PIN, key: str | None = None, at: dt.datetime = NOON
) -> Payment:
    """Let a citizen confirm terms with a PIN."""
    receipt = payments.pay(
        citizen_id=someone.id,
        device_id=someone.device.id,
        terms=terms,
        proof=PinProof(pin),
        key=key or str(uuid4()),
        at=at,
    )
    assert isinstance(receipt, Receipt)
    return receipt.payment


def buy(someone: Citizen, stall: Stall, satang: int, *, at: dt.datetime = NOON) -> Payment:
    """Let a citizen buy at a stall: charge, scan, confirm."""
    return confirm(someone, terms_for(someone, ask(stall, satang, at=at), at=at), at=at)


def thai_id(number: int) -> str:
    """Return a valid Thai national ID made from a number below a million."""
    body = f"1{number:011d}"
    check = (11 - sum(int(digit) * (13 - place) for place, digit in enumerate(body)) % 11) % 10
    return f"{body}{check}"
