"""What the timetable does on the ground floor: it chases top-ups of which nothing was heard."""

from typing import Final

import structlog
from celery import shared_task

from wallet import clock, topups
from wallet.stripe_gateway import StripeUnavailable

log = structlog.get_logger()

# At Stripe's usual tenth of a second for an answer this fills the ten seconds until the timetable calls again; at its
# slowest it ends within the task's time limit.
MOST_TOP_UPS_AT_ONCE: Final = 100


@shared_task(name="wallet.chase_top_ups")
def chase_top_ups() -> None:
    """Ask Stripe about some of the open top-ups. What is left waits for the next time."""
    try:
        topups.chase(at=clock.now(), at_most=MOST_TOP_UPS_AT_ONCE)
    except StripeUnavailable:
        log.warning("stripe_unavailable")
