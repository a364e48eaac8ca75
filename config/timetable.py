"""What happens by itself, and when: Celery beat's schedule, by the name of each task.

Rows are the queue: a task reads the rows that are due and is done at once when there are none, so it may come often.
Beat sends a message each time; one that no worker took before the next is due is dropped, so that a worker that was
away does not find a thousand of them.
"""

from datetime import timedelta
from typing import Any, Final

# Merchants and officers wait for these; nothing due costs one or two small queries.
SOON: Final = timedelta(seconds=2)
# Stripe is asked only about what has been open for half a minute.
UNHURRIED: Final = timedelta(seconds=10)
# The audit of limits is begun once a night and goes on by the minute until it has seen everybody.
A_MINUTE: Final = timedelta(minutes=1)
QUARTER_HOUR: Final = timedelta(minutes=15)
NIGHTLY: Final = timedelta(hours=1)

EVERY: Final = {
    "settlement.close_due_days": SOON,
    "settlement.write_slices": SOON,
    "settlement.build_batches": SOON,
    "settlement.write_bank_files": SOON,
    "settlement.reconcile_statements": SOON,
    "settlement.count_tallies": SOON,
    "merchants.fill_outbox": SOON,
    "merchants.deliver_webhooks": SOON,
    "settlement.seal_days": UNHURRIED,
    "settlement.count_report_days": UNHURRIED,
    "wallet.chase_top_ups": UNHURRIED,
    "subsidies.do_what_is_due": UNHURRIED,
    "subsidies.sum_closed_days": UNHURRIED,
    "subsidies.watch_budgets": QUARTER_HOUR,
    "merchants.audit_limits": A_MINUTE,
    "subsidies.give_free_places": UNHURRIED,
    "subsidies.enrol_by_list": UNHURRIED,
    "subsidies.take_back_unused_rights": UNHURRIED,
    "merchants.expire_holds": UNHURRIED,
    "merchants.forget_what_ran_out": NIGHTLY,
    "settlement.watch_payouts": NIGHTLY,
    "settlement.check_books": NIGHTLY,
}

timetable: Final[dict[str, dict[str, Any]]] = {
    task: {"task": task, "schedule": every, "options": {"expires": every.total_seconds()}}
    for task, every in EVERY.items()
}
