"""The page that Stripe would show to whoever pays: the QR, and here a button that stands for the payer's bank app."""

import html

from config.loopback.stripe import intents, qr
from config.loopback.stripe.problems import Problem
from config.loopback.stripe.world import Object, World
from wallet.money import baht

_PAGE = """<!doctype html>
<html lang="th"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Stripe (loopback)</title>
<body style="font-family: sans-serif; text-align: center; max-width: 24rem; margin: 2rem auto">
<h1>฿{amount}</h1>
{shown}
<p><small>{intent}<br>นี่ไม่ใช่ Stripe จริง ไม่มีเงินจริงเคลื่อนไหว<br>Not the real Stripe: no real money moves.</small>
"""
_UNPAID = """{picture}
<form method="post"><button style="font-size: 1.2rem; padding: .8rem 1.6rem">
จ่ายในแอปธนาคาร<br>Pay in my bank's app</button></form>"""
_PAID = "<p>จ่ายแล้ว · Paid</p>"
_OVER = "<p>รายการนี้จ่ายไม่ได้แล้ว · This can no longer be paid.</p>"


def show(world: World, method: str, name: str) -> tuple[str, bytes]:
    """Return the content type and body of `<intent>` (POST: pay it first), `<intent>.svg` or `<intent>.png`.

    :raises Problem: 404 on an unknown intent or one without a QR, 400 when it cannot be paid.
    """
    intent_id, _, picture = name.partition(".")
    with world.lock:
        intent = world.find("payment_intent", intent_id)
        if method == "POST":
            intents.pay(world, intent_id)
        text = _qr_of(intent)
        if not picture:
            return "text/html; charset=utf-8", _page(intent, has_qr=text is not None).encode()
    if text is None or picture not in {"svg", "png"}:
        raise Problem(404, f"There is no /pay/{name}.")
    return ("image/svg+xml", qr.svg(text)) if picture == "svg" else ("image/png", qr.png(text))


def _page(intent: Object, *, has_qr: bool) -> str:
    name = html.escape(intent["id"])
    if intent["status"] == "succeeded":
        shown = _PAID
    elif intent["status"] in intents.UNPAID:
        shown = _UNPAID.format(picture=f'<img src="/pay/{name}.svg" alt="QR" width="240">' if has_qr else "")
    else:
        shown = _OVER
    return _PAGE.format(amount=baht(intent["amount"]), shown=shown, intent=name)


def _qr_of(intent: Object) -> str | None:
    action = intent["next_action"]
    return action["promptpay_display_qr_code"]["data"] if action else None
