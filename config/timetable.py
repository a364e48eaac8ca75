"""What happens by itself, and when: Celery beat's schedule, by the name of each entry."""

from typing import Any, Final

timetable: Final[dict[str, dict[str, Any]]] = {
    "chase top-ups": {"task": "wallet.chase_top_ups", "schedule": 10.0},  # seconds: a payer waits for the money
}
