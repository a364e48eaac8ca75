"""What the timetable does on the ground floor: ask Stripe about top-ups of which nothing was heard."""

from typing import Final

import structlog
from celery import shared_task

from wallet import clock, topups
from wallet.stripe_gateway import StripeUnavailable

log = structlog.get_logger()

# Each costs Stripe one or two calls of well under a second; the next run goes on.
MOST_TOP_UPS_AT_ONCE: Final = 50


@shared_task(name="wallet.chase_top_ups")
def chase_top_ups() -> None:
    """Finish the top-ups that stopped half way, and find the webhooks that never came."""
    try:
        topups.chase(at=clock.now(), at_most=MOST_TOP_UPS_AT_ONCE)
    except StripeUnavailable:
        log.warning("stripe_unavailable")  # the rows wait; the timetable calls again
