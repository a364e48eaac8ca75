"""`python -m config.loopback.stripe [--port N] [--webhook-url URL]`: prints its address, and answers until stopped."""

import argparse
import os
import signal

from config.loopback.stripe.server import API_KEY, WEBHOOK_SECRET, StripeLoopback


def main() -> None:
    """Run the stand-in until SIGTERM or SIGINT. Keys come from the environment, where `ps` does not show them."""
    arguments = argparse.ArgumentParser(prog="python -m config.loopback.stripe", description=__doc__)
    arguments.add_argument("--port", type=int, default=0, help="0, the default, takes any free port")
    arguments.add_argument("--webhook-url", help="where events are delivered, such as http://127.0.0.1:8000/…")
    chosen = arguments.parse_args()

    # Blocked in every thread from here on, and waited for below: a handler could be interrupted by the next signal
    # while it holds a lock, and wait for itself for ever.
    stops = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, stops)
    with StripeLoopback(
        port=chosen.port,
        webhook_url=chosen.webhook_url,
        api_key=os.environ.get("STRIPE_API_KEY", API_KEY),
        webhook_secret=os.environ.get("STRIPE_WEBHOOK_SECRET", WEBHOOK_SECRET),
    ) as loopback:
        print(loopback.base, flush=True)  # noqa: T201  whoever started us reads the port from here
        signal.sigwait(stops)


if __name__ == "__main__":
    main()
