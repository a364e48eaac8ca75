"""The outbox is filled from what happened: the timetable looks at what shops with an endpoint were paid since.

Nothing is written in a payment, so no payer waits for a webhook and none is lost with a hint or a broker. Ids sort by
the millisecond in which they were made, but a payment can be committed after one that was made later; so each look goes
back over more time than any transaction may take, and finds what it has found before by its message.
"""

import datetime as dt
import json
from collections.abc import Iterable
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db import connection, transaction

from merchants.models import WebhookEndpoint, WebhookMessage
from wallet.ids import uuid7
from wallet.models import Channel

PAID: Final = "payment.paid"

# Statements end after 15 s and idle transactions too; the clocks of our machines differ by far less than the rest.
LOOK_BACK: Final = dt.timedelta(seconds=60)
# One endpoint's burst waits for the next look; everybody else's news do not wait for it.
MOST_OF_ONE: Final = 1_000
MOST_AT_ONCE: Final = 10_000

NEWS: Final = """
    SELECT endpoint.id AS endpoint_id, paid.id, paid.charge_id, paid.till_id, paid.price, paid.citizen_share,
           paid.state_share, paid.channel, paid.business_date, paid.paid_at
      FROM merchants_webhookendpoint endpoint
     CROSS JOIN LATERAL (
            SELECT * FROM merchants_payment paid
             WHERE paid.merchant_id = endpoint.merchant_id AND paid.id > endpoint.read_up_to
               AND NOT EXISTS (SELECT 1 FROM merchants_webhookmessage message
                                WHERE message.endpoint_id = endpoint.id AND message.about = paid.id
                                  AND message.kind = %(kind)s)
             ORDER BY paid.id LIMIT %(most_of_one)s) paid
     WHERE endpoint.stopped_at IS NULL
     LIMIT %(most)s
"""


class _News(NamedTuple):
    """One payment that an endpoint was not told of, in the order of NEWS's columns."""

    endpoint_id: UUID
    id: UUID
    charge_id: UUID
    till_id: UUID
    price: int
    citizen_share: int
    state_share: int
    channel: int
    business_date: dt.date
    paid_at: dt.datetime


def fill(*, at: dt.datetime) -> int:
    """Write the messages that are missing, due at once, and return how many; `at` is of the real clock, as ids are.

    Run twice at the same time, it still writes each message once: their constraint has the last word.
    """
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            asked: dict[str, Any] = {"kind": PAID, "most_of_one": MOST_OF_ONE, "most": MOST_AT_ONCE}
            cursor.execute(NEWS, asked)
            news = [_News._make(row) for row in cursor.fetchall()]
        messages = [_message(each, at=at) for each in news]
        WebhookMessage.objects.bulk_create(messages, ignore_conflicts=True)
        if len(news) < MOST_AT_ONCE:
            _move_on(busy=_most_told(news), at=at)
    return len(news)


def _message(news: _News, *, at: dt.datetime) -> WebhookMessage:
    return WebhookMessage(
        id=uuid7(),
        endpoint_id=news.endpoint_id,
        kind=PAID,
        about=news.id,
        content=_written(PAID, happened_at=news.paid_at, data=_payment(news)),
        written_at=at,
        begun_at=at,
        due_at=at,
    )


def _payment(news: _News) -> dict[str, Any]:
    return {
        "payment_id": str(news.id),
        "charge_id": str(news.charge_id),
        "till_id": str(news.till_id),
        "price_satang": news.price,
        "citizen_satang": news.citizen_share,
        "state_satang": news.state_share,
        "channel": Channel(news.channel).label,
        "business_date": news.business_date.isoformat(),
        "paid_at": _instant(news.paid_at),
    }


def _written(kind: str, *, happened_at: dt.datetime, data: dict[str, Any]) -> str:
    body = {"type": kind, "timestamp": _instant(happened_at), "data": data}
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def _instant(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")


def _most_told(news: Iterable[_News]) -> set[UUID]:
    """Return the endpoints for which there may be more than one look has found."""
    found: dict[UUID, int] = {}
    for each in news:
        found[each.endpoint_id] = found.get(each.endpoint_id, 0) + 1
    return {endpoint_id for endpoint_id, number in found.items() if number == MOST_OF_ONE}


def _move_on(*, busy: set[UUID], at: dt.datetime) -> None:
    """Let the next look begin later. Not at each look: a row that never changes costs nothing to keep."""
    live = WebhookEndpoint.objects.filter(stopped_at=None, read_up_to__lt=_first_id(at - 2 * LOOK_BACK))
    live.exclude(id__in=busy).update(read_up_to=_first_id(at - LOOK_BACK))


def _first_id(at: dt.datetime) -> UUID:
    """Return an id that sorts before every one that is made from this instant on."""
    return UUID(int=int(at.timestamp() * 1000) << 80)
