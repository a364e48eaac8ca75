"""A shop says where its own systems want to be told what happens, and looks what became of the messages."""

from typing import Any, ClassVar, Final, Literal
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from pydantic import Field
from rest_framework.request import Request
from rest_framework.response import Response

from config.authentication import INTEGRATOR, MANAGERS
from config.describing import PAGE
from config.doors import Door
from config.shapes import Instant, Opaque, PageAsked, Shape
from merchants import counter, onboarding
from merchants.models import WebhookEndpoint, WebhookMessage
from merchants.webhooks import delivering, endpoints, reading
from merchants.webhooks.reaching import LONGEST_URL

STATE: Final = OpenApiParameter("state", str, enum=["due", "delivered", "dead"], description="only those that are so")


class WebhookAsked(Shape):
    """Where to send: https, port 443 or 8443, a public address."""

    url: Opaque = Field(max_length=LONGEST_URL)


class WebhookShown(Shape):
    """An endpoint."""

    id: UUID
    url: str
    added_at: Instant
    failing_since: Instant | None = Field(description="since when nothing has been delivered, if so")


class NewWebhookShown(WebhookShown):
    """An endpoint, with the secret by which its messages are checked: this once and never again."""

    secret: str


class WebhooksShown(Shape):
    """Where a shop is told, newest first."""

    results: list[WebhookShown] = Field(max_length=endpoints.MOST_ENDPOINTS)


class SecretShown(Shape):
    """A new secret. For 24 hours messages carry two signatures."""

    secret: str


class MessagesAsked(PageAsked):
    """Which messages."""

    state: Literal["due", "delivered", "dead"] | None = None


class TryShown(Shape):
    """One try to deliver: the receiver's status, or in one word why there was none."""

    at: Instant
    status: int | None
    problem: str
    milliseconds: int


class MessageShown(Shape):
    """A message, and the last tries to deliver it."""

    id: UUID
    name: str = Field(description="what stands in `webhook-id`, the same in every try")
    type: str
    about: UUID
    state: Literal["due", "delivered", "dead"]
    written_at: Instant
    due_at: Instant | None
    delivered_at: Instant | None
    tries: list[TryShown]


class MessagesShown(Shape):
    """A page of messages, newest first."""

    results: list[MessageShown]
    next: UUID | None


class WebhooksDoor(Door):
    """A shop's endpoints."""

    open_to: ClassVar = {"GET": MANAGERS | INTEGRATOR, "POST": MANAGERS | INTEGRATOR}
    scopes: ClassVar = {"GET": "webhooks:manage", "POST": "webhooks:manage"}

    @extend_schema(responses={200: WebhooksShown})
    def get(self, request: Request) -> Response:
        """List where the shop is told."""
        shown = [WebhookShown(**_facts(each)) for each in endpoints.living(merchant_id=self.shop_id)]
        return Response(WebhooksShown(results=shown))

    @extend_schema(request=WebhookAsked, responses={201: NewWebhookShown})
    def post(self, request: Request) -> Response:
        """Add an endpoint. Its secret is shown this once; messages follow the Standard Webhooks."""
        by = counter.manager(caller=self.caller)
        endpoint, secret = endpoints.add(
            merchant=onboarding.merchant(merchant_id=by.merchant_id),
            url=self.body(WebhookAsked).url,
            actor=by.actor,
            at=timezone.now(),
        )
        return Response(NewWebhookShown(**_facts(endpoint), secret=secret), status=201)


class EndpointDoor(Door):
    """One endpoint."""

    open_to: ClassVar = {"DELETE": MANAGERS | INTEGRATOR}
    scopes: ClassVar = {"DELETE": "webhooks:manage"}

    @extend_schema(responses={204: None})
    def delete(self, request: Request, endpoint_id: UUID) -> Response:
        """Tell this endpoint nothing any more."""
        by = counter.manager(caller=self.caller)
        endpoints.remove(merchant_id=by.merchant_id, endpoint_id=endpoint_id, actor=by.actor, at=timezone.now())
        return Response(status=204)


class SecretsDoor(Door):
    """The secret of an endpoint."""

    open_to: ClassVar = {"POST": MANAGERS | INTEGRATOR}
    scopes: ClassVar = {"POST": "webhooks:manage"}

    @extend_schema(request=None, responses={201: SecretShown})
    def post(self, request: Request, endpoint_id: UUID) -> Response:
        """Make a new secret; the old one signs beside it for 24 hours."""
        by = counter.manager(caller=self.caller)
        secret = endpoints.rotate_secret(
            merchant_id=by.merchant_id, endpoint_id=endpoint_id, actor=by.actor, at=timezone.now()
        )
        return Response(SecretShown(secret=secret), status=201)


class MessagesDoor(Door):
    """What an endpoint was told, and is to be told."""

    open_to: ClassVar = {"GET": MANAGERS | INTEGRATOR}
    scopes: ClassVar = {"GET": "webhooks:manage"}

    @extend_schema(parameters=[*PAGE, STATE], responses={200: MessagesShown})
    def get(self, request: Request, endpoint_id: UUID) -> Response:
        """List messages, newest first; the dead ones can be sent again."""
        page = self.query(MessagesAsked)
        found = reading.newest(
            merchant_id=self.shop_id,
            endpoint_id=endpoint_id,
            state=page.state,
            before=page.before,
            at_most=page.limit + 1,
        )
        shown = [_message(each) for each in found[: page.limit]]
        return Response(MessagesShown(results=shown, next=shown[-1].id if len(found) > page.limit else None))


class RedeliveryDoor(Door):
    """Where a message is sent again by hand."""

    open_to: ClassVar = {"POST": MANAGERS | INTEGRATOR}
    scopes: ClassVar = {"POST": "webhooks:manage"}

    @extend_schema(request=None, responses={201: MessageShown})
    def post(self, request: Request, message_id: UUID) -> Response:
        """Send a message again, under the same id."""
        by = counter.manager(caller=self.caller)
        message = delivering.redeliver(merchant_id=by.merchant_id, message_id=message_id, at=timezone.now())
        return Response(_message(message), status=201)


def _facts(endpoint: WebhookEndpoint) -> dict[str, Any]:
    return {
        "id": endpoint.id,
        "url": endpoint.url,
        "added_at": endpoint.added_at,
        "failing_since": endpoint.failing_since,
    }


def _message(message: WebhookMessage) -> MessageShown:
    return MessageShown(
        id=message.id,
        name=reading.name_of(message),
        type=message.kind,
        about=message.about,
        state=reading.state_of(message),
        written_at=message.written_at,
        due_at=message.due_at,
        delivered_at=message.delivered_at,
        tries=[
            TryShown(at=each.at, status=each.status, problem=each.problem, milliseconds=each.milliseconds)
            for each in reading.last_tries(message)
        ],
    )
