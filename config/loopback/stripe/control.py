"""The hand behind the curtain: what citizens, banks and bad luck do, asked for under `POST /_control/…`.

pay/<intent>              the citizen pays it (the QR in their bank's app, or a good card)
fail/<intent>             the payment fails, or the QR runs out
checkout/<session>        the citizen types a good card into the page
checkout/<session>/expire a day passes in which nobody pays it
refund/<refund>           outcome=succeeded|failed: how a PromptPay refund that waits for the payer ends
dispute/<charge>          the card holder's bank disputes a charge
dispute/<dispute>/close   outcome=won|lost
payout                    everything kept for us is paid to our bank
faults                    kind=409|429|500|500-kept|slow|cut, times=1, seconds=1: the next API requests go wrong
faults/forget             what still waits of them is dropped
webhook                   url=…: where events are delivered from now on (empty: nowhere)
webhook/hold              events are held back
webhook/release           copies=1, order=as-they-came|backwards: held events go
webhook/again/<event>     one event is delivered once more
deliveries                the last deliveries: event, type, try, and what our webhook answered
"""

from collections.abc import Callable

from config.loopback.stripe import checkout, givebacks, intents, payouts
from config.loopback.stripe.faults import Faults
from config.loopback.stripe.parameters import Parameters, integer, text
from config.loopback.stripe.problems import Problem
from config.loopback.stripe.routes import look_up
from config.loopback.stripe.webhooks import Webhooks
from config.loopback.stripe.world import Object, World


def act(path: str, parameters: Parameters, *, world: World, faults: Faults, webhooks: Webhooks) -> Object:
    """Do what a path under `/_control/` asks for, and return what came of it.

    :raises Problem: 400 or 404 when it cannot be done, 404 when there is no such path.
    """

    def ask_for_faults() -> Object:
        kind, times = text(parameters, "kind") or "", integer(parameters, "times", 1)
        faults.ask(kind=kind, times=times, seconds=_seconds(parameters))
        return {"faults": times}

    def forget_faults() -> Object:
        faults.forget()
        return {"faults": 0}

    def hold() -> Object:
        webhooks.hold()
        return {"held": True}

    def point_webhook() -> Object:
        webhooks.point_at(text(parameters, "url"))
        return {"url": webhooks.url}

    def release() -> Object:
        backwards = parameters.get("order") == "backwards"
        return {"sent": webhooks.release(copies=integer(parameters, "copies", 1), backwards=backwards)}

    def again(event_id: str) -> Object:
        event = world.find("event", event_id)
        webhooks.send(event)
        return event

    outcome = text(parameters, "outcome") or ""
    acts: dict[str, Callable[..., Object]] = {
        "pay/*": lambda intent: intents.pay(world, intent),
        "fail/*": lambda intent: intents.fail(world, intent),
        "checkout/*": lambda session: checkout.pay(world, session),
        "checkout/*/expire": lambda session: checkout.expire(world, session),
        "refund/*": lambda refund: givebacks.finish_refund(world, refund, outcome=outcome),
        "dispute/*": lambda charge: givebacks.dispute(world, charge),
        "dispute/*/close": lambda dispute: givebacks.close_dispute(world, dispute, outcome=outcome),
        "payout": lambda: payouts.pay_out(world),
        "faults": ask_for_faults,
        "faults/forget": forget_faults,
        "webhook": point_webhook,
        "webhook/hold": hold,
        "webhook/release": release,
        "webhook/again/*": again,
        "deliveries": lambda: {"deliveries": list(webhooks.deliveries)},
    }
    found = look_up(acts, path)
    if found is None:
        raise Problem(404, f"There is no /_control/{path}.")
    wanted, ids = found
    with world.lock:
        return wanted(*ids)


def _seconds(parameters: Parameters) -> float:
    try:
        return float(text(parameters, "seconds") or 1)
    except ValueError:
        raise Problem(400, "Seconds are a number.", param="seconds") from None
