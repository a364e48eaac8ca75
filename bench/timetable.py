"""Do what the timetable does, by hand: `python -m bench.timetable fill 2090-01-07T06:00:00+07:00`, or `audit 500000`.

A process of its own, so that what it needs of memory is its own. It prints one line of JSON.
"""

import datetime as dt
import json
import os
import sys
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from merchants import limit_audits  # noqa: E402  after Django is set up
from subsidies import dues  # noqa: E402
from subsidies.models import LimitAudit  # noqa: E402
from wallet.clock import now  # noqa: E402


def fill(at: dt.datetime) -> dict[str, float]:
    """Do everything that is due at an instant."""
    begun = time.perf_counter()
    rights = sum(dues.do(at=at))
    return {"rights": rights, "seconds": time.perf_counter() - begun}


def audit(people: int) -> dict[str, float]:
    """Audit so many people, from the first on."""
    LimitAudit.objects.filter(ended_at=None).update(ended_at=now())
    seen = payments = breaches = 0
    begun = time.perf_counter()
    for audited in limit_audits.audit(at=now()):
        seen += audited.people
        payments += audited.payments
        breaches += len(audited.breaches)
        if seen >= people:
            break
    return {"payments": payments, "breaches": breaches, "seconds": time.perf_counter() - begun}


if __name__ == "__main__":
    what, how = sys.argv[1:]
    print(json.dumps(fill(dt.datetime.fromisoformat(how)) if what == "fill" else audit(int(how))))
