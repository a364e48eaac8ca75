"""What became of the messages to an endpoint."""

from collections.abc import Mapping
from typing import Final, Literal
from uuid import UUID

from django.db.models import Prefetch, Q

from merchants.models import WebhookAttempt, WebhookMessage
from merchants.webhooks import endpoints, signing

State = Literal["due", "delivered", "dead"]

# Of some seventeen tries, the last say enough.
TRIES_SHOWN: Final = 5

STATES: Final[Mapping[State, Q]] = {
    "due": Q(due_at__isnull=False),
    "delivered": Q(due_at=None, dead_at=None),
    "dead": Q(due_at=None, dead_at__isnull=False),
}


def newest(
    *, merchant_id: UUID, endpoint_id: UUID, state: State | None, before: UUID | None, at_most: int
) -> list[WebhookMessage]:
    """Return the messages to one of a shop's endpoints with their last tries, newest first.

    :raises WebhookUnknown: the shop has no such endpoint.
    """
    endpoint = endpoints.of(merchant_id=merchant_id, endpoint_id=endpoint_id)
    found = WebhookMessage.objects.filter(endpoint=endpoint)
    if state is not None:
        found = found.filter(STATES[state])
    if before is not None:
        found = found.filter(id__lt=before)
    tries = Prefetch("tries", WebhookAttempt.objects.order_by("-id")[:TRIES_SHOWN])
    return list(found.order_by("-id").prefetch_related(tries)[:at_most])


def last_tries(message: WebhookMessage) -> list[WebhookAttempt]:
    """Return the last tries to deliver a message, newest first."""
    return sorted(message.tries.all(), key=lambda each: each.id, reverse=True)[:TRIES_SHOWN]


def state_of(message: WebhookMessage) -> State:
    """Say how a message stands."""
    if message.due_at is not None:
        return "due"
    return "delivered" if message.dead_at is None else "dead"


def name_of(message: WebhookMessage) -> str:
    """Return the name by which its receiver drops repeats."""
    return signing.message_name(message.id)
