"""The outbox is filled from what happened: the timetable looks at what shops with an endpoint took and gave back since.

Nothing is written in a payment, so no payer waits for a webhook and none is lost with a hint or a broker. Ids sort by
the millisecond in which they were made, but a payment can be committed after one that was made later; so each look goes
back over more time than any transaction may take, and finds what it has found before by its message.
"""

import datetime as dt
import json
from collections import Counter
from collections.abc import Iterable
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db import connection, transaction

from merchants.models import WebhookEndpoint, WebhookMessage
from wallet.ids import uuid7
from wallet.models import Channel

# Statements end after 15 s and idle transactions too; the clocks of our machines differ by far less than the rest.
LOOK_BACK: Final = dt.timedelta(seconds=60)
# One endpoint's burst waits for the next look; everybody else's news do not wait for it.
MOST_OF_ONE: Final = 1_000
MOST_AT_ONCE: Final = 10_000

# Every kind of news reads the newest rows of one shop by an index; what has its message already is passed by.
NEWS: Final = """
    SELECT endpoint.id AS endpoint_id, told.kind, told.id, told.happened_at, told.data
      FROM merchants_webhookendpoint endpoint
     CROSS JOIN LATERAL (
        (SELECT 'payment.paid' AS kind, paid.id, paid.paid_at AS happened_at,
                json_build_object('payment_id', paid.id, 'charge_id', paid.charge_id, 'hold_id', paid.hold_id,
                                  'till_id', paid.till_id, 'price_satang', paid.price,
                                  'citizen_satang', paid.citizen_share, 'state_satang', paid.state_share,
                                  'channel', paid.channel, 'business_date', paid.business_date,
                                  'paid_at', paid.paid_at) AS data
           FROM merchants_payment paid
          WHERE paid.merchant_id = endpoint.merchant_id AND paid.id > endpoint.read_up_to
            AND NOT EXISTS (SELECT 1 FROM merchants_webhookmessage message
                             WHERE message.endpoint_id = endpoint.id AND message.about = paid.id
                               AND message.kind = 'payment.paid')
          ORDER BY paid.id LIMIT %(most_of_one)s)
        UNION ALL
        (SELECT 'payment.refunded', refund.id, refund.refunded_at,
                json_build_object('refund_id', refund.refund_id, 'payment_id', refund.payment_id,
                                  'till_id', refund.till_id, 'refunded_satang', refund.amount,
                                  'citizen_satang', refund.citizen_share, 'state_satang', refund.state_share,
                                  'channel', refund.channel, 'business_date', refund.business_date,
                                  'refunded_at', refund.refunded_at)
           FROM merchants_refund refund
          WHERE refund.merchant_id = endpoint.merchant_id AND refund.id > endpoint.read_up_to
            AND NOT EXISTS (SELECT 1 FROM merchants_webhookmessage message
                             WHERE message.endpoint_id = endpoint.id AND message.about = refund.id
                               AND message.kind = 'payment.refunded')
          ORDER BY refund.id LIMIT %(most_of_one)s)
        UNION ALL
        (SELECT 'hold.held', hold.id, hold.held_at,
                json_build_object('hold_id', hold.id, 'charge_id', hold.charge_id, 'till_id', hold.till_id,
                                  'price_satang', hold.price, 'channel', hold.channel,
                                  'business_date', hold.business_date, 'held_at', hold.held_at,
                                  'expires_at', hold.expires_at)
           FROM merchants_hold hold
          WHERE hold.merchant_id = endpoint.merchant_id AND hold.id > endpoint.read_up_to
            AND NOT EXISTS (SELECT 1 FROM merchants_webhookmessage message
                             WHERE message.endpoint_id = endpoint.id AND message.about = hold.id
                               AND message.kind = 'hold.held')
          ORDER BY hold.id LIMIT %(most_of_one)s)
        UNION ALL
        (SELECT 'hold.released', release.id, release.released_at,
                json_build_object('hold_id', release.hold_id, 'released_satang', release.amount, 'why', release.why,
                                  'business_date', release.business_date, 'released_at', release.released_at)
           FROM merchants_release release
          WHERE release.merchant_id = endpoint.merchant_id AND release.id > endpoint.read_up_to
            AND NOT EXISTS (SELECT 1 FROM merchants_webhookmessage message
                             WHERE message.endpoint_id = endpoint.id AND message.about = release.id
                               AND message.kind = 'hold.released')
          ORDER BY release.id LIMIT %(most_of_one)s)
     ) told
     WHERE endpoint.stopped_at IS NULL
     LIMIT %(most)s
"""


class _News(NamedTuple):
    """One thing that an endpoint was not told of, in the order of NEWS's columns."""

    endpoint_id: UUID
    kind: str
    id: UUID
    happened_at: dt.datetime
    data: dict[str, Any]


def fill(*, at: dt.datetime) -> int:
    """Write the messages that are missing, due at once, and return how many; `at` is of the real clock, as ids are.

    Run twice at the same time, it still writes each message once: their constraint has the last word.
    """
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute(NEWS, {"most_of_one": MOST_OF_ONE, "most": MOST_AT_ONCE})
            news = [_News._make(row) for row in cursor.fetchall()]
        messages = [_message(each, at=at) for each in news]
        WebhookMessage.objects.bulk_create(messages, ignore_conflicts=True)
        if len(news) < MOST_AT_ONCE:
            _move_on(busy=_most_told(news), at=at)
    return len(news)


def _message(news: _News, *, at: dt.datetime) -> WebhookMessage:
    body = {"type": news.kind, "timestamp": _instant(news.happened_at), "data": _said(news.data)}
    return WebhookMessage(
        id=uuid7(),
        endpoint_id=news.endpoint_id,
        kind=news.kind,
        about=news.id,
        content=json.dumps(body, ensure_ascii=False, separators=(",", ":")),
        written_at=at,
        begun_at=at,
        due_at=at,
    )


def _said(data: dict[str, Any]) -> dict[str, Any]:
    """Return what happened in the words of the API: instants as it writes them, the channel by its name."""
    instants = {name: _instant(dt.datetime.fromisoformat(data[name])) for name in data if name.endswith("_at")}
    channel = {"channel": Channel(data["channel"]).label} if "channel" in data else {}
    return data | instants | channel


def _instant(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")


def _most_told(news: Iterable[_News]) -> set[UUID]:
    """Return the endpoints for which there may be more than one look has found."""
    found = Counter((each.endpoint_id, each.kind) for each in news)
    return {endpoint_id for (endpoint_id, _), number in found.items() if number == MOST_OF_ONE}


def _move_on(*, busy: set[UUID], at: dt.datetime) -> None:
    """Let the next look begin later. Not at each look: a row that never changes costs nothing to keep."""
    live = WebhookEndpoint.objects.filter(stopped_at=None, read_up_to__lt=_first_id(at - 2 * LOOK_BACK))
    live.exclude(id__in=busy).update(read_up_to=_first_id(at - LOOK_BACK))


def _first_id(at: dt.datetime) -> UUID:
    """Return an id that sorts before every one that is made from this instant on."""
    return UUID(int=int(at.timestamp() * 1000) << 80)
