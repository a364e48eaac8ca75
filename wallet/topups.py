"""Money in: a citizen asks for a top-up, pays it through Stripe, and it becomes their cash.

They pay in their bank's app by a PromptPay QR that we show, or by a card on Stripe's own page that leads back to us.

An act with the outside is three: write the intent, call with its id as idempotency key, write the answer. The
timetable finishes what stopped half way; webhooks match by our id. However often Stripe tells us, it is booked once.
"""

import datetime as dt
from typing import ClassVar, Final, Literal
from uuid import UUID

from django.conf import settings

from wallet import keys, ledger
from wallet.accounts import STRIPE, cash
from wallet.ids import uuid7
from wallet.models import StripeEvent, TopUp, TransferKind
from wallet.money import Satang
from wallet.refusals import InvariantBroken, Refusal
from wallet.stripe_answers import Event, Intent
from wallet.stripe_gateway import (
    IntentNotCancellable,
    IntentUnknown,
    StripeGateway,
    StripeUnavailable,
    TopUpAmountNotAccepted,
)

SMALLEST: Final[Satang] = 1_000  # Stripe takes no PromptPay payment below ten baht.
LARGEST: Final[Satang] = 5_000_000

# After half a minute a webhook that has not come is asked for; after a day an unpaid QR is given up.
ASK_AGAIN_AFTER: Final = dt.timedelta(seconds=30)
GIVE_UP_AFTER: Final = dt.timedelta(days=1)

# Of Stripe's events those after which money is here, or will not come; and why not, in a word.
HEARD: Final = {
    "payment_intent.succeeded": "",
    "payment_intent.canceled": "cancelled",
    "checkout.session.expired": "expired",
}

# asked: Stripe has not answered; waiting: for the citizen to pay; arrived: booked; ended: no money will come.
State = Literal["asked", "waiting", "arrived", "ended"]


class WalletFull(Refusal):
    """The top-up would bring the citizen's money above the ceiling."""

    code: ClassVar = "wallet_full"


class TopUpUnknown(Refusal):
    """This citizen asked for no such top-up."""

    code: ClassVar = "top_up_unknown"
    status: ClassVar = 404


def begin(*, citizen_id: UUID, amount: Satang, key: str, at: dt.datetime) -> TopUp:
    """Return a top-up of `amount` satang with the PromptPay QR to pay it by.

    When Stripe cannot be reached the top-up is returned without a QR, and the timetable asks Stripe again.

    :raises TopUpAmountNotAccepted: below ten baht, or above the most at once.
    :raises WalletFull: it would pass the ceiling on a citizen's own money.
    :raises KeyReused: the key stands for another top-up.
    """
    return _begin(citizen_id=citizen_id, amount=amount, back_to="", key=key, at=at)


def begin_by_card(*, citizen_id: UUID, amount: Satang, back_to: str, key: str, at: dt.datetime) -> TopUp:
    """Return a top-up of `amount` satang with the address of Stripe's page on which a card pays it.

    Keys, refusals and what happens when Stripe cannot be reached are those of `begin`.

    :param back_to: the address under which top-ups are looked at; Stripe's page leads to this one's below it.
    """
    return _begin(citizen_id=citizen_id, amount=amount, back_to=back_to, key=key, at=at)


def _begin(*, citizen_id: UUID, amount: Satang, back_to: str, key: str, at: dt.datetime) -> TopUp:
    if not SMALLEST <= amount <= LARGEST:
        raise TopUpAmountNotAccepted(least_satang=SMALLEST, largest_satang=LARGEST)
    content = {"top_up": amount, "by": "card"} if back_to else {"top_up": amount}
    with ledger.posting(citizens=[citizen_id]):
        top_up_id = uuid7()
        was = keys.claim(caller_id=citizen_id, key=key, content=content, outcome_id=top_up_id, at=at)
        if was is not None:
            return TopUp.objects.get(id=was)
        have = ledger.balance(cash(citizen_id))
        if have + amount > settings.CASH_CEILING_SATANG:
            raise WalletFull(cash_satang=have, ceiling_satang=settings.CASH_CEILING_SATANG)
        top_up = TopUp.objects.create(
            id=top_up_id,
            citizen_id=citizen_id,
            amount=amount,
            back_to=f"{back_to}{top_up_id}/" if back_to else "",
            asked_at=at,
        )
    try:
        return tell(top_up_id=top_up.id, at=at)
    except StripeUnavailable:
        return top_up


def tell(*, top_up_id: UUID, at: dt.datetime) -> TopUp:
    """Ask Stripe for the QR or the card page of a top-up and keep the answer; asking again changes nothing.

    :raises StripeUnavailable: nobody knows whether Stripe did it; the timetable asks again.
    """
    top_up = TopUp.objects.get(id=top_up_id)
    gateway, whose = StripeGateway.from_settings(), str(top_up.citizen_id)
    untold = TopUp.objects.filter(id=top_up.id, told_at=None)
    if top_up.by_card:
        page = gateway.open_card_page(
            top_up_id=top_up.id, amount=top_up.amount, citizen_reference=whose, back_to=top_up.back_to
        )
        untold.update(session_id=page.session_id, page_url=page.url or "", told_at=at)
    else:
        intent = gateway.create_promptpay_intent(top_up_id=top_up.id, amount=top_up.amount, citizen_reference=whose)
        untold.update(intent_id=intent.intent_id, qr_payload=intent.qr_payload or "", told_at=at)
    top_up.refresh_from_db()
    return top_up


def hear_from_stripe(*, body: bytes, signature: str, at: dt.datetime, now: dt.datetime) -> None:
    """Act on a webhook, once it is certain that Stripe sent it. Its age is judged by real time (`now`).

    :raises WebhookSignatureWrong | WebhookNotUnderstood: it is not Stripe's, is too old, or cannot be read.
    """
    hear(event=StripeGateway.from_settings().read_event(body=body, signature=signature, now=now), at=at)


def hear(*, event: Event, at: dt.datetime) -> None:
    """Act on what a webhook of Stripe's says; the same event may come twice, late, or before its intent was kept.

    :raises InvariantBroken: Stripe took another amount than was asked.
    """
    if event.top_up_id is None or event.type not in HEARD:
        return
    found = TopUp.objects.filter(id=event.top_up_id).first()
    if found is None:
        return
    with ledger.posting(citizens=[found.citizen_id]) as business_date:
        # Kept first: the same event at once waits here and then finds itself known.
        seen = StripeEvent(id=event.id, type=event.type, intent_id=event.intent_id or "", received_at=at, handled_at=at)
        StripeEvent.objects.bulk_create([seen], ignore_conflicts=True)
        top_up = TopUp.objects.get(id=found.id)
        if event.type == "payment_intent.succeeded":
            _arrive(top_up, event.intent_id, event.amount, business_date, at)
        else:
            _end(top_up, HEARD[event.type], at)


def chase(*, at: dt.datetime, at_most: int) -> int:
    """Ask Stripe about open top-ups of which nothing was heard, and return how many were settled.

    Which ones is left to chance, so that those which nobody ever pays cannot keep the others from being asked about.

    :raises StripeUnavailable: Stripe is away; what is left waits for the next time.
    """
    settled = 0
    still_open = TopUp.objects.filter(confirmed_at=None, ended_at=None, asked_at__lte=at - ASK_AGAIN_AFTER)
    for top_up in still_open.order_by("?")[:at_most]:
        settled += _ask_about(top_up, at)
    return settled


def _ask_about(top_up: TopUp, at: dt.datetime) -> bool:
    too_old = at - top_up.asked_at > GIVE_UP_AFTER
    if top_up.told_at is None:
        if too_old:
            # Stripe forgets an idempotency key after a day: asking again could make a second intent.
            return _end_unpaid(top_up, "unanswered", at)
        top_up = tell(top_up_id=top_up.id, at=at)
    gateway, intent_id = StripeGateway.from_settings(), top_up.intent_id
    try:
        if top_up.by_card:
            page = gateway.find_card_page(session_id=str(top_up.session_id))
            if page.status == "expired":  # as each does by itself after a day
                return _end_unpaid(top_up, "expired", at)
            intent_id = page.intent_id
        if intent_id is None:
            return False  # nobody has typed a card yet
        intent = gateway.find_intent(intent_id=intent_id)
        if too_old and not top_up.by_card and intent.status not in {"succeeded", "canceled"}:
            intent = gateway.cancel_intent(intent_id=intent.intent_id)
    except (IntentUnknown, IntentNotCancellable):
        return False  # paid between our look and our cancel: the next round books it
    return _settle(top_up, intent, at)


def _settle(top_up: TopUp, intent: Intent, at: dt.datetime) -> bool:
    if intent.status not in {"succeeded", "canceled"}:
        return False
    with ledger.posting(citizens=[top_up.citizen_id]) as business_date:
        top_up = TopUp.objects.get(id=top_up.id)
        if intent.status == "succeeded":
            _arrive(top_up, intent.intent_id, intent.amount_received, business_date, at)
        else:
            _end(top_up, "cancelled", at)
    return True


def of(*, citizen_id: UUID, top_up_id: UUID) -> TopUp:
    """Return one of a citizen's own top-ups.

    :raises TopUpUnknown: it does not exist, or is somebody else's.
    """
    found = TopUp.objects.filter(id=top_up_id, citizen_id=citizen_id).first()
    if found is None:
        raise TopUpUnknown
    return found


def state(top_up: TopUp) -> State:
    """Return how far a top-up has come."""
    if top_up.confirmed_at is not None:
        return "arrived"
    if top_up.ended_at is not None:
        return "ended"
    return "asked" if top_up.told_at is None else "waiting"


def newest(*, citizen_id: UUID, at_most: int, before: UUID | None = None) -> list[TopUp]:
    """Return a citizen's top-ups, newest first; only those older than `before`."""
    rows = TopUp.objects.filter(citizen_id=citizen_id)
    if before is not None:
        rows = rows.filter(id__lt=before)
    return list(rows.order_by("-id")[:at_most])


def _arrive(
    top_up: TopUp, intent_id: str | None, amount: Satang | None, business_date: dt.date, at: dt.datetime
) -> None:
    """Book the money once, under the citizen's lock."""
    if top_up.confirmed_at is not None:
        return
    if amount != top_up.amount:
        raise InvariantBroken(f"Stripe took {amount} satang for top-up {top_up.id} of {top_up.amount}")
    move = ledger.Move(
        source=STRIPE,
        target=cash(top_up.citizen_id),
        amount=top_up.amount,
        kind=TransferKind.TOP_UP,
        cause=top_up.id,
        owner_id=top_up.citizen_id,
    )
    ledger.post(moves=[move], business_date=business_date, at=at)
    # Money that came is booked whatever was said before; an end that Stripe took back is taken back here.
    top_up.confirmed_at, top_up.ended_at, top_up.ended_why = at, None, ""
    top_up.intent_id = top_up.intent_id or intent_id
    top_up.save(update_fields=["confirmed_at", "ended_at", "ended_why", "intent_id"])


def _end_unpaid(top_up: TopUp, why: str, at: dt.datetime) -> bool:
    with ledger.posting(citizens=[top_up.citizen_id]):
        _end(TopUp.objects.get(id=top_up.id), why, at)
    return True


def _end(top_up: TopUp, why: str, at: dt.datetime) -> None:
    if top_up.confirmed_at is None and top_up.ended_at is None:
        TopUp.objects.filter(id=top_up.id).update(ended_at=at, ended_why=why)
