"""Where a shop wants to be told, and the secrets that its messages are signed with."""

import base64
import datetime as dt
import secrets
from typing import ClassVar, Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from merchants.models import Merchant, WebhookEndpoint, WebhookMessage, WebhookSecret
from merchants.webhooks import reaching
from wallet import audit, privacy
from wallet.ids import uuid7
from wallet.refusals import Refusal

MOST_ENDPOINTS: Final = 10
SECRET_BYTES: Final = 32
SECRET_PREFIX: Final = "whsec_"  # noqa: S105  how the Standard Webhooks begin every secret
# How long the old secret signs beside the new one.
OVERLAP: Final = dt.timedelta(hours=24)
# More have never to overlap; each signature makes every message dearer for all who wait behind it.
MOST_SIGNATURES: Final = 5


class WebhookUnknown(Refusal):
    """This shop has no such endpoint, or it was stopped."""

    code: ClassVar = "webhook_unknown"
    status: ClassVar = 404


class WebhookThere(Refusal):
    """The shop is told at this address already."""

    code: ClassVar = "webhook_there"


class TooManyWebhooks(Refusal):
    """The shop has as many endpoints as one may have."""

    code: ClassVar = "too_many_webhooks"


def add(*, merchant: Merchant, url: str, actor: audit.Actor, at: dt.datetime) -> tuple[WebhookEndpoint, str]:
    """Tell a shop's system at `url` of everything from now on; return the endpoint and its secret, shown this once.

    :raises WebhookAddressRefused: it is no address of the internet that we send to.
    :raises WebhookThere | TooManyWebhooks: one more cannot be added.
    """
    reaching.must_be_sendable(url)
    endpoint_id = uuid7()
    try:
        with transaction.atomic(durable=True):
            Merchant.objects.select_for_update(no_key=True).get(id=merchant.id)  # two at once count one by one
            if living(merchant_id=merchant.id).count() >= MOST_ENDPOINTS:
                raise TooManyWebhooks(most=MOST_ENDPOINTS)
            endpoint = WebhookEndpoint.objects.create(
                id=endpoint_id,
                merchant=merchant,
                url=url,
                added_at=at,
                added_by=str(actor),
                read_up_to=endpoint_id,
            )
            written = _new_secret(endpoint_id, at=at)
            audit.record(actor=actor, act="webhook.add", subject_id=endpoint_id, at=at)
    except IntegrityError as error:
        raise WebhookThere from error
    return endpoint, written


def rotate_secret(*, merchant_id: UUID, endpoint_id: UUID, actor: audit.Actor, at: dt.datetime) -> str:
    """Make a new secret and return it; for 24 hours messages carry the signatures of both.

    :raises WebhookUnknown: the shop has no such endpoint.
    """
    of(merchant_id=merchant_id, endpoint_id=endpoint_id)
    with transaction.atomic(durable=True):
        WebhookSecret.objects.filter(endpoint_id=endpoint_id, ends_at=None).update(ends_at=at + OVERLAP)
        written = _new_secret(endpoint_id, at=at)
        audit.record(actor=actor, act="webhook.rotate_secret", subject_id=endpoint_id, at=at)
    return written


def remove(*, merchant_id: UUID, endpoint_id: UUID, actor: audit.Actor, at: dt.datetime) -> None:
    """Tell an endpoint nothing any more, for good; to begin again, add it anew.

    :raises WebhookUnknown: the shop has no such endpoint.
    """
    endpoint = of(merchant_id=merchant_id, endpoint_id=endpoint_id)
    with transaction.atomic(durable=True):
        stop(endpoint_id=endpoint.id, because="removed by the shop", at=at)
        audit.record(actor=actor, act="webhook.remove", subject_id=endpoint.id, at=at)


def stop(*, endpoint_id: UUID, because: str, at: dt.datetime) -> None:
    """Stop an endpoint; what it was not told yet is dead. Stopping twice is the same as once. Needs a transaction."""
    live = WebhookEndpoint.objects.filter(id=endpoint_id, stopped_at=None)
    if live.update(stopped_at=at, stopped_because=because):
        waiting = WebhookMessage.objects.filter(endpoint_id=endpoint_id, due_at__isnull=False)
        waiting.update(due_at=None, dead_at=at)


def living(*, merchant_id: UUID) -> QuerySet[WebhookEndpoint]:
    """Return where a shop is told, newest first."""
    return WebhookEndpoint.objects.filter(merchant_id=merchant_id, stopped_at=None).order_by("-id")


def of(*, merchant_id: UUID, endpoint_id: UUID) -> WebhookEndpoint:
    """Return one of a shop's endpoints.

    :raises WebhookUnknown: it does not exist, is another shop's, or was stopped.
    """
    found = living(merchant_id=merchant_id).filter(id=endpoint_id).first()
    if found is None:
        raise WebhookUnknown
    return found


def signing_secrets(*, endpoint_id: UUID, at: dt.datetime) -> list[bytes]:
    """Return the keys that sign a message now, the five newest at most, the newest first."""
    good = WebhookSecret.objects.filter(Q(ends_at=None) | Q(ends_at__gt=at), endpoint_id=endpoint_id).order_by("-id")
    newest = good[:MOST_SIGNATURES]
    return [_bytes(privacy.unseal(secret.sealed, subject_id=endpoint_id)["secret"]) for secret in newest]


def _new_secret(endpoint_id: UUID, *, at: dt.datetime) -> str:
    written = SECRET_PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()
    sealed = privacy.seal({"secret": written}, subject_id=endpoint_id)
    WebhookSecret.objects.create(endpoint_id=endpoint_id, sealed=sealed, made_at=at)
    return written


def _bytes(written: str) -> bytes:
    return base64.b64decode(written.removeprefix(SECRET_PREFIX))
