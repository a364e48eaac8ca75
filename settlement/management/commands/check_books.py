"""Look for faults in the books of every floor. There are none."""

from argparse import ArgumentParser
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError

import merchants.faults
import settlement.faults
import subsidies.faults
import wallet.faults

FLOORS: Final = (wallet.faults, subsidies.faults, merchants.faults, settlement.faults)


class Command(BaseCommand):
    """Print each fault on a line of its own; the command fails if there is one."""

    help = "Prove that the books balance: days that are not sealed in full, sealed days by totals and hash with --all."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take --all."""
        parser.add_argument("--all", action="store_true", help="check the sealed days in full too")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Ask each floor."""
        found = 0
        for floor in FLOORS:
            for fault in floor.faults(everything=options["all"]):
                found += 1
                self.stdout.write(str(fault))
        if found:
            raise CommandError(f"{found} faults")
        self.stdout.write("The books balance: no faults.")
