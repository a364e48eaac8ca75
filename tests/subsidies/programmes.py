"""Programmes of the library on the stage: published, funded, joined by their own people, and run by the timetable."""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

from merchants import charges, payments, scans
from merchants.models import Payment
from merchants.receipts import Receipt
from merchants.terms import Terms
from subsidies import dues, enrolment, entitlements, places, schemes, tickets
from subsidies.models import OPEN_TO_ALL, Enrolment, Scheme
from subsidies.places import Newcomer
from tests.cast import PIN, PLUS_FILE, Citizen, Stage, Stall
from wallet import ledger
from wallet.clock import BANGKOK
from wallet.ids import uuid7
from wallet.models import Channel
from wallet.proofs import PinProof

LIBRARY = PLUS_FILE.parent
PLENTY = 500_000_000_000_00
ENOUGH = 1_000_000
HALF_EACH = (Path(__file__).parent / "half-each.toml").read_text(encoding="utf-8")


def thai(year: int, month: int, day: int, *time: int) -> dt.datetime:
    """Return an instant of Bangkok: noon, unless an hour (and minute, and second) is given."""
    hour, minute, second = (*(time or (12,)), 0, 0)[:3]
    return dt.datetime(year, month, day, hour, minute, second, tzinfo=BANGKOK)


def begin(stage: Stage, name: str, **words: str) -> Scheme:
    """Publish and fund a document of the library; `words` replace others in it."""
    text = (LIBRARY / f"{name}.toml").read_text(encoding="utf-8")
    for old, new in words.items():
        text = text.replace(f'"{old}"', f'"{new}"')
    return stage.scheme(document=text, funded=PLENTY)


def half_each(stage: Stage, *sections: str) -> Scheme:
    """Publish and fund half each with more sections; it sells from 1 November 2025 to 1 February 2026."""
    return stage.scheme(document="\n".join([HALF_EACH, *sections]), funded=PLENTY)


def join(stage: Stage, someone: Citizen, code: str, *, at: dt.datetime) -> Enrolment:
    """Let a citizen ask for a place and get it."""
    joined = enrolment.enrol(citizen_id=someone.id, code=code, key=f"enrol {code}", at=at).enrolment
    assert joined is not None
    stage.names[joined.id] = f"{someone.name}'s {code}"
    return joined


def let_in(stage: Stage, someone: Citizen, scheme: Scheme, *, at: dt.datetime, **person: Any) -> Enrolment:
    """Let a citizen in whom a ministry's list names, with what it knows about them."""
    version = schemes.in_force(code=scheme.code, at=at)
    rules = schemes.compiled(version.id)
    facts = {"nationality": "TH", "born_on": "1988-02-09", "enrolled_in": [], "lists": [], **person}
    grant = entitlements.grant_by_list(scheme=rules, person=facts, at=at)
    pool = grant.pool or OPEN_TO_ALL
    with ledger.posting(citizens=[someone.id]) as business_date:
        ticket = tickets.draw(
            ticket_id=uuid7(), scheme_id=scheme.id, pool=pool, places=ENOUGH, citizen_id=someone.id, at=at
        )
        assert ticket is not None
        newcomer = Newcomer(
            id=ticket.id, citizen_id=someone.id, pool=pool, place=ticket.number, grant=grant, person=facts
        )
        (place,) = places.let_in(newcomers=[newcomer], version=version, business_date=business_date, at=at)
    stage.names[place.id] = f"{someone.name}'s {scheme.code}"
    return place


def buy(
    someone: Citizen,
    stall: Stall,
    satang: int,
    *,
    at: dt.datetime,
    facts: Mapping[str, Any] | None = None,
    notes: Mapping[str, Mapping[str, int]] | None = None,
    schemes_chosen: tuple[str, ...] | None = None,
) -> Payment:
    """Let a citizen buy with all rights that they have, or those chosen, and confirm what was shown."""
    charge = charges.ask(
        till=stall.till,
        amount=satang,
        channel=Channel.SHOP,
        lines=[],
        facts=dict(facts or {}),
        note="",
        key=str(uuid4()),
        at=at,
    )
    payload = charges.payload(charge)
    offer = scans.scan(citizen_id=someone.id, payload=payload, schemes=schemes_chosen, notes=notes, at=at)
    if offer.split is None:
        assert offer.refusal is not None
        raise offer.refusal
    terms = Terms(
        charge_id=charge.id,
        price=offer.price,
        own_part=offer.split.citizen,
        schemes=offer.schemes,
        nonce="0123456789abcdef",
        notes=notes or {},
        pays_all=offer.pays_all,
    )
    receipt = payments.pay(
        citizen_id=someone.id,
        device_id=someone.device.id,
        terms=terms,
        proof=PinProof(PIN),
        key=str(uuid4()),
        at=at,
    )
    assert isinstance(receipt, Receipt)
    return receipt.payment


def run(at: dt.datetime) -> int:
    """Let the timetable do what is due, twice; return for how many rights the first time."""
    done = sum(dues.do(at=at))
    assert sum(dues.do(at=at)) == 0
    return done
