"""Stripe, and nothing but Stripe: asks for QRs and card pages, looks at them, and reads what its webhooks say.

No money is booked here and nothing is written; whoever calls keeps the intent as a row first, calls with that row's id,
and writes down the answer. Only opaque references leave the country: no name, no phone number, no address of a person.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Final, Self
from uuid import UUID

import stripe
from django.conf import settings

from wallet.money import Satang
from wallet.refusals import InvariantBroken, Refusal
from wallet.stripe_answers import BalanceLine, CardPage, Event, Intent, WebhookNotUnderstood

if TYPE_CHECKING:
    from stripe.params import PaymentIntentCreateParams
    from stripe.params.checkout import SessionCreateParams

# A citizen waits at the other end: three tries of at most 8 s and two naps of at most 1 s stay under half a minute.
# Connections to Stripe take well under a second; a page of its slowest answers takes a few.
CONNECT_SECONDS: Final = 2.0
READ_SECONDS: Final = 6.0
RETRIES: Final = 2

# Stripe's own bound for replayed webhooks (https://docs.stripe.com/webhooks#replay-attacks).
WEBHOOK_TOLERANCE: Final = timedelta(seconds=300)

# Stripe charges from ten baht on, and amounts have at most eight digits
# (https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts).
LEAST_TOP_UP: Final[Satang] = 10_00
LARGEST_TOP_UP: Final[Satang] = 99_999_999

# What Stripe's page calls what is bought there.
ON_THE_CARD_PAGE: Final = "G-Wallet · เติมเงิน"

# What one listing reads at most, a page at a time: more than a payout of ours has lines.
_PAGE: Final = 100
_MOST_LINES: Final = 1_000_000

# By default the client would tell Stripe about this machine, and write an id of its own into the home folder.
stripe.enable_telemetry = False


class StripeUnavailable(Refusal):
    """Stripe did not answer, was busy or broke: nobody knows yet whether it did the work.

    424 (Failed Dependency), not 409: nothing about the request is in conflict, and the same one may well succeed later.
    The intent's row stays as it is, and the timetable tries again with the same key.
    """

    code = "stripe_unavailable"
    status = 424


class TopUpDeclined(Refusal):
    """The card's bank said no. Facts: `decline_code`, Stripe's word for the reason."""

    code = "top_up_declined"
    status = 402


class TopUpAmountNotAccepted(Refusal):
    """Stripe takes neither so little nor so much at once. Facts: `least_satang`, `largest_satang`."""

    code = "top_up_amount_not_accepted"
    status = 400


class IntentUnknown(Refusal):
    """Stripe knows no intent with this id."""

    code = "intent_unknown"
    status = 404


class IntentNotCancellable(Refusal):
    """The intent is paid, or cancelled already. Facts: `stripe_status`."""

    code = "intent_not_cancellable"


class WebhookSignatureWrong(Refusal):
    """Whoever sent this does not know our webhook's secret, or sends again what is long past."""

    code = "webhook_signature_wrong"
    status = 400


@dataclass(frozen=True, slots=True)
class StripeGateway:
    """Speaks to one Stripe account. Cheap to make: gateways with the same settings share their connections.

    :ivar contact_domain: a mail domain of ours. Stripe wants an e-mail address for each PromptPay payment, to ask where
        a refund should go; it gets `<citizen_reference>@<contact_domain>`, so that mail comes to us and says nothing.
    :ivar api_base: None is Stripe itself.
    """

    api_key: str = field(repr=False)
    webhook_secret: str = field(repr=False)
    contact_domain: str
    api_base: str | None = None
    read_seconds: float = READ_SECONDS
    retries: int = RETRIES

    @classmethod
    def from_settings(cls) -> Self:
        """Return the gateway that the settings `STRIPE_…` describe."""
        return cls(
            api_key=settings.STRIPE_API_KEY,
            webhook_secret=settings.STRIPE_WEBHOOK_SECRET,
            contact_domain=settings.STRIPE_CONTACT_DOMAIN,
            api_base=settings.STRIPE_API_BASE,
        )

    def create_promptpay_intent(self, *, top_up_id: UUID, amount: Satang, citizen_reference: str) -> Intent:
        """Ask for a PromptPay QR of `amount` satang, or return the one that was made for this top-up before.

        Stripe remembers `top_up_id` as the key for 24 hours; after that the same call would make a second intent, so a
        top-up without an answer must be given up, not tried again, before then.

        :param citizen_reference: opaque, of letters, digits and hyphens; the same for each try of one top-up.
        :raises TopUpAmountNotAccepted: below `LEAST_TOP_UP` or above `LARGEST_TOP_UP`.
        :raises StripeUnavailable: when nobody knows whether it worked; the same call may be made again.
        :raises InvariantBroken: when the same top-up is asked for with another amount, or Stripe takes us for wrong.
        """
        email = f"{citizen_reference}@{self.contact_domain}"
        asked = _asked(top_up_id, amount, citizen_reference)
        asked["allowed_payment_method_types"] = ["promptpay"]
        asked["payment_method_data"] = {"type": "promptpay", "billing_details": {"email": email}}
        asked["confirm"] = True
        return self._create(asked, key=str(top_up_id))

    def open_card_page(self, *, top_up_id: UUID, amount: Satang, citizen_reference: str, back_to: str) -> CardPage:
        """Ask for a page on which the citizen types a card, or return the one that was made for this top-up before.

        The card never comes near us. Stripe closes the page by itself after a day. Key and refusals are those of
        `create_promptpay_intent`.

        :param back_to: the address to which the page sends the citizen, paid or not; the same for each try.
        """
        asked = _asked(top_up_id, amount, citizen_reference)
        page: SessionCreateParams = {
            "mode": "payment",
            "allowed_payment_method_types": ["card"],
            "line_items": [
                {
                    "quantity": 1,
                    "price_data": {
                        "currency": "thb",
                        "unit_amount": amount,
                        "product_data": {"name": ON_THE_CARD_PAGE},
                    },
                }
            ],
            "metadata": asked["metadata"],
            "payment_intent_data": {"metadata": asked["metadata"], "description": asked["description"]},
            "success_url": back_to,
            "cancel_url": back_to,
        }
        with _stripe_said():
            made = self._client.v1.checkout.sessions.create(page, options={"idempotency_key": str(top_up_id)})
        return CardPage.read(made.to_dict())

    def find_card_page(self, *, session_id: str) -> CardPage:
        """Return a card page as Stripe has it now.

        :raises IntentUnknown: when Stripe does not have it.
        :raises StripeUnavailable: when Stripe cannot be asked.
        """
        with _stripe_said():
            return CardPage.read(self._client.v1.checkout.sessions.retrieve(session_id).to_dict())

    def find_intent(self, *, intent_id: str) -> Intent:
        """Return an intent as Stripe has it now.

        :raises IntentUnknown: when Stripe does not have it.
        :raises StripeUnavailable: when Stripe cannot be asked.
        """
        with _stripe_said():
            return Intent.read(self._client.v1.payment_intents.retrieve(intent_id).to_dict())

    def cancel_intent(self, *, intent_id: str) -> Intent:
        """Cancel an intent, so that nobody can pay it any more.

        :raises IntentNotCancellable: when it is paid, or cancelled already.
        :raises IntentUnknown: when Stripe does not have it.
        :raises StripeUnavailable: when nobody knows whether it worked; the same call may be made again.
        """
        with _stripe_said():
            return Intent.read(self._client.v1.payment_intents.cancel(intent_id).to_dict())

    def read_event(self, *, body: bytes, signature: str, now: datetime) -> Event:
        """Return what a webhook says, once it is certain that Stripe says it.

        :param signature: the `Stripe-Signature` header, empty when there is none.
        :param now: the real time, aware; also where a demo's clock stands still, Stripe's does not.
        :raises WebhookSignatureWrong: on a wrong signature or one older than `WEBHOOK_TOLERANCE`.
        :raises WebhookNotUnderstood: on a well-signed body that is no event, or not in baht.
        """
        self._must_have_signed(body, signature, now)
        try:
            return Event.read(json.loads(body))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise WebhookNotUnderstood from error

    def events_since(self, *, since: datetime, types: tuple[str, ...]) -> Iterator[Event]:
        """Yield the events of these types (at most 20) since an instant, newest first, for webhooks that never came.

        Stripe keeps events for 30 days.

        :raises StripeUnavailable: when Stripe cannot be asked, also half way.
        """
        with _stripe_said():
            listing = self._client.v1.events.list(
                {"created": {"gte": int(since.timestamp())}, "types": list(types), "limit": _PAGE}
            )
            for event in islice(listing.auto_paging_iter(), _MOST_LINES):
                yield Event.read(event.to_dict())

    def payout_lines(self, *, payout_id: str) -> Iterator[BalanceLine]:
        """Yield the lines that one payout to our bank is made of, its own (negative) line among them, newest first.

        Their `net` sums to zero.

        :raises StripeUnavailable: when Stripe cannot be asked, also half way.
        """
        with _stripe_said():
            listing = self._client.v1.balance_transactions.list(
                {"payout": payout_id, "limit": _PAGE, "expand": ["data.source"]}
            )
            for line in islice(listing.auto_paging_iter(), _MOST_LINES):
                yield BalanceLine.read(line.to_dict())

    @property
    def _client(self) -> stripe.StripeClient:
        return _client(self.api_key, self.api_base, self.read_seconds, self.retries)

    def _must_have_signed(self, body: bytes, signature: str, now: datetime) -> None:
        if not signature.isascii():  # the library's comparison stops with a TypeError on anything else
            raise WebhookSignatureWrong
        try:
            # The age is left to us: the library would measure it by its own clock.
            stripe.WebhookSignature.verify_header(body, signature, self.webhook_secret, tolerance=None)
        except (stripe.SignatureVerificationError, UnicodeDecodeError) as error:
            raise WebhookSignatureWrong from error
        # The first `t` is the one that was signed, and the library has found it well-formed.
        signed_at = next(int(part[2:]) for part in signature.split(",") if part.startswith("t="))
        if now.timestamp() - signed_at > WEBHOOK_TOLERANCE.total_seconds():
            raise WebhookSignatureWrong

    def _create(self, asked: "PaymentIntentCreateParams", *, key: str) -> Intent:
        with _stripe_said():
            made = self._client.v1.payment_intents.create(asked, options={"idempotency_key": key})
        return Intent.read(made.to_dict())


def _asked(top_up_id: UUID, amount: Satang, citizen_reference: str) -> "PaymentIntentCreateParams":
    """Return what every intent asks for. The same for each try of one top-up, or Stripe refuses the key."""
    if not LEAST_TOP_UP <= amount <= LARGEST_TOP_UP:
        raise TopUpAmountNotAccepted(least_satang=LEAST_TOP_UP, largest_satang=LARGEST_TOP_UP)
    return {
        "amount": amount,
        "currency": "thb",
        "metadata": {"top_up": str(top_up_id)},
        "description": f"Top-up for {citizen_reference}",
    }


@lru_cache(maxsize=4)
def _client(api_key: str, api_base: str | None, read_seconds: float, retries: int) -> stripe.StripeClient:
    return stripe.StripeClient(
        api_key,
        base_addresses={"api": api_base} if api_base else None,
        max_network_retries=retries,
        http_client=stripe.RequestsClient(timeout=(CONNECT_SECONDS, read_seconds)),
    )


@contextmanager
def _stripe_said() -> Iterator[None]:
    """Turn Stripe's errors into ours."""
    try:
        yield
    except stripe.CardError as error:
        raise TopUpDeclined(decline_code=getattr(error.error, "decline_code", None) or error.code) from error
    except stripe.InvalidRequestError as error:
        match error.code:
            case "amount_too_small" | "amount_too_large":
                raise TopUpAmountNotAccepted(least_satang=LEAST_TOP_UP, largest_satang=LARGEST_TOP_UP) from error
            case "resource_missing":
                raise IntentUnknown from error
            case "payment_intent_unexpected_state":
                intent = getattr(error.error, "payment_intent", None)
                raise IntentNotCancellable(stripe_status=intent and intent.status) from error
        raise InvariantBroken(f"Stripe does not accept our request: {error.code}") from error
    except (stripe.APIConnectionError, stripe.RateLimitError, stripe.APIError) as error:
        raise StripeUnavailable from error
    except stripe.StripeError as error:  # our key, our rights, or one idempotency key for two different acts
        raise InvariantBroken(f"Stripe does not accept us: {type(error).__name__}") from error
