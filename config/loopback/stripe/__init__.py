"""A Stripe of our own, for tests and the demo: the real `stripe` client talks to it over HTTP on this machine alone.

    with StripeLoopback(webhook_url="http://127.0.0.1:8000/stripe/webhook") as loopback:
        client = stripe.StripeClient(API_KEY, base_addresses={"api": loopback.base})
        …
        loopback.control(f"pay/{intent_id}")

It keeps everything in memory. `config.loopback.stripe.control` lists what can be made to happen.
"""

from config.loopback.stripe.server import API_KEY, WEBHOOK_SECRET, StripeLoopback, ask

__all__ = ["API_KEY", "WEBHOOK_SECRET", "StripeLoopback", "ask"]
