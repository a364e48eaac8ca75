"""What is due leaves the outbox: many at a time, few of them to one endpoint, so that a slow receiver holds nobody up.

Who takes a message to send it moves its hour on before anything is sent. If that process is killed, the message is due
again by itself: it may arrive twice, under the same id, and never not at all.
"""

import datetime as dt
import random
import time
from collections import Counter
from collections.abc import Callable, Collection
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Any, ClassVar, Final
from uuid import UUID

import structlog
from django.db import connection, transaction

from merchants.models import WebhookAttempt, WebhookEndpoint, WebhookMessage
from merchants.webhooks import endpoints, reaching, signing
from merchants.webhooks.reaching import Outcome
from wallet.refusals import Refusal

HANDS: Final = 32
MOST_TO_ONE: Final = 4
# A shop may have ten endpoints, and all of them be slow: from so many under way on it waits, so it has 15 at most.
MOST_TO_SHOP: Final = 8
LOOK_SECONDS: Final = 0.2
# Longer than a try takes, the resolver's patience included.
LEASE: Final = dt.timedelta(seconds=90)

# 5 s, 15 s, 45 s … up to 8 hours, a fifth more or less; some seventeen tries within three days.
FIRST_REST: Final = dt.timedelta(seconds=5)
GROWTH: Final = 3
MOST_GROWTHS: Final = 8  # as far as the longest rest; senders may be killed without end
LONGEST_REST: Final = dt.timedelta(hours=8)
JITTER: Final = (0.8, 1.2)
TRIED_FOR: Final = dt.timedelta(days=3)
# An endpoint that has taken nothing for so long is stopped; its shop adds it anew when it is mended.
SILENT_FOR: Final = dt.timedelta(days=5)
GONE: Final = 410  # the receiver asks to be told nothing any more (Standard Webhooks, "operational considerations")

log = structlog.get_logger(__name__)

# Only rows of this table are locked, and those that another process has in hand are passed by. Shop by shop, for one
# whose every address is slow would else have all hands, and everybody's news would wait for its ten seconds.
TAKE: Final = """
    UPDATE merchants_webhookmessage message SET due_at = %(until)s, attempts = message.attempts + 1
      FROM (SELECT of_shop.id, shop.merchant_id, of_shop.url
              FROM (SELECT DISTINCT merchant_id FROM merchants_webhookendpoint
                     WHERE stopped_at IS NULL AND NOT merchant_id = ANY(%(full)s::uuid[])) shop
             CROSS JOIN LATERAL (
                    SELECT due.id, endpoint.url
                      FROM merchants_webhookendpoint endpoint
                     CROSS JOIN LATERAL (
                            SELECT waiting.id FROM merchants_webhookmessage waiting
                             WHERE waiting.endpoint_id = endpoint.id AND waiting.due_at <= %(at)s
                             ORDER BY waiting.due_at LIMIT %(most_to_one)s FOR UPDATE SKIP LOCKED) due
                     WHERE endpoint.merchant_id = shop.merchant_id AND endpoint.stopped_at IS NULL
                       AND NOT endpoint.id = ANY(%(busy)s::uuid[])
                     LIMIT %(most_to_shop)s) of_shop
             LIMIT %(most)s) taken
     WHERE message.id = taken.id
 RETURNING message.id, message.endpoint_id, taken.merchant_id, taken.url, message.content, message.attempts,
           message.begun_at
"""


class MessageUnknown(Refusal):
    """This shop has no such message, or its endpoint was stopped."""

    code: ClassVar = "webhook_message_unknown"
    status: ClassVar = 404


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message that was taken to be sent now, as plain values: who sends it needs no database."""

    id: UUID
    endpoint_id: UUID
    merchant_id: UUID
    url: str
    content: str
    attempts: int
    begun_at: dt.datetime


def deliver_due(*, clock: Callable[[], dt.datetime], seconds: float) -> int:
    """Send what is due until nothing is, or for so many seconds; return how many tries that were.

    :param clock: tells the real time, which receivers judge a message's age by.
    """
    deadline, tries = time.monotonic() + seconds, 0
    under_way: dict[Future[Outcome], Delivery] = {}
    with ThreadPoolExecutor(HANDS, thread_name_prefix="webhooks") as hands:
        while True:
            if time.monotonic() < deadline:
                for delivery in take(under_way.values(), at=clock()):
                    under_way[hands.submit(_send, delivery, _headers(delivery, at=clock()))] = delivery
                    tries += 1
            if not under_way:
                return tries
            done, _ = wait(under_way, timeout=LOOK_SECONDS, return_when=FIRST_COMPLETED)
            for each in done:
                keep(under_way.pop(each), each.result(), at=clock())


def redeliver(*, merchant_id: UUID, message_id: UUID, at: dt.datetime) -> WebhookMessage:
    """Send a message again, whatever became of it, as if it were new: the same id, and three days of tries.

    :raises MessageUnknown: there is none that could be sent.
    """
    ours = WebhookMessage.objects.filter(
        id=message_id, endpoint__merchant_id=merchant_id, endpoint__stopped_at__isnull=True
    )
    if not ours.update(due_at=at, begun_at=at, attempts=0, dead_at=None):
        raise MessageUnknown
    return ours.get()


def take(under_way: Collection[Delivery], *, at: dt.datetime) -> list[Delivery]:
    """Return messages to send now, as many as there are hands free, and move their hour on."""
    free = HANDS - len(under_way)
    if free <= 0:
        return []
    shops = Counter(delivery.merchant_id for delivery in under_way)
    asked: dict[str, Any] = {
        "at": at,
        "until": at + LEASE,
        "most": free,
        "most_to_one": MOST_TO_ONE,
        "most_to_shop": MOST_TO_SHOP,
        "busy": list({str(delivery.endpoint_id) for delivery in under_way}),
        "full": [str(shop_id) for shop_id, count in shops.items() if count >= MOST_TO_SHOP],
    }
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute(TAKE, asked)
        return [Delivery(*row) for row in cursor.fetchall()]


def keep(delivery: Delivery, outcome: Outcome, *, at: dt.datetime) -> None:
    """Write down what became of a try, and when the next is due if it failed."""
    with transaction.atomic(durable=True):
        message = WebhookMessage.objects.filter(id=delivery.id)
        WebhookAttempt.objects.create(
            message_id=delivery.id,
            at=at,
            status=outcome.status,
            problem=outcome.problem,
            milliseconds=outcome.milliseconds,
        )
        if outcome.delivered:
            message.update(delivered_at=at, due_at=None, dead_at=None)
            WebhookEndpoint.objects.filter(id=delivery.endpoint_id, failing_since__isnull=False).update(
                failing_since=None
            )
            return
        next_at = at + rest_after(delivery.attempts)
        if next_at > delivery.begun_at + TRIED_FOR:
            message.update(due_at=None, dead_at=at)
            log.warning("webhook_dead", message=str(delivery.id), endpoint=str(delivery.endpoint_id))
        else:
            message.filter(dead_at=None).update(due_at=next_at)  # its endpoint may have been stopped meanwhile
        _count_against(delivery.endpoint_id, outcome, at=at)


def rest_after(attempts: int) -> dt.timedelta:
    """Return how long to wait after so many tries: longer each time, and never all at the same moment."""
    rest = min(FIRST_REST * int(GROWTH ** min(attempts - 1, MOST_GROWTHS)), LONGEST_REST)
    return rest * random.uniform(*JITTER)  # noqa: S311  no secret


def _count_against(endpoint_id: UUID, outcome: Outcome, *, at: dt.datetime) -> None:
    endpoint = WebhookEndpoint.objects.filter(id=endpoint_id)
    endpoint.filter(failing_since=None).update(failing_since=at)
    if outcome.status == GONE:
        endpoints.stop(endpoint_id=endpoint_id, because="the receiver answered 410, gone", at=at)
    elif endpoint.filter(failing_since__lt=at - SILENT_FOR).exists():
        endpoints.stop(endpoint_id=endpoint_id, because=f"took nothing for {SILENT_FOR.days} days", at=at)


def _headers(delivery: Delivery, *, at: dt.datetime) -> dict[str, str]:
    secrets = endpoints.signing_secrets(endpoint_id=delivery.endpoint_id, at=at)
    return signing.headers(message_id=delivery.id, body=delivery.content.encode(), secrets=secrets, at=at)


def _send(delivery: Delivery, headers: dict[str, str]) -> Outcome:
    return reaching.post(url=delivery.url, headers=headers, body=delivery.content.encode())
