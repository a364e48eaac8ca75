"""Audit everybody's limits now, as the timetable does every night."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from merchants import limit_audits
from wallet import clock


class Command(BaseCommand):
    """Print each breach on a line of its own; the command fails if there is one."""

    help = "Sum anew what everybody used of every cap, freeze the rights of whoever has passed one, and say so."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Go on with the audit that is under way, or begin one."""
        people = payments = breaches = 0
        for audited in limit_audits.audit(at=clock.now()):
            people += audited.people
            payments += audited.payments
            breaches += len(audited.breaches)
            for one in audited.breaches:
                limit = "the counter is wrong" if one.most is None else f"the limit is {one.most}"
                self.stdout.write(
                    f"citizen {one.citizen_id}: {one.cap} until {one.ends_at.isoformat()}: used {one.used}, counted"
                    f" {one.stored}, {limit}"
                )
        self.stdout.write(f"{people:,} people, {payments:,} payments")
        if breaches:
            raise CommandError(f"{breaches} limits are breached; the rights of these citizens are frozen")
        self.stdout.write("Nobody has passed a limit.")
