"""`manage.py refusals`: every no that this service can say, as the table in docs/refusals.md."""

import inspect
from collections.abc import Iterable, Iterator
from importlib import import_module
from pkgutil import walk_packages
from typing import Any, Final

from django.core.management.base import BaseCommand

from config import words
from config.rehearsals import amount_for
from wallet.refusals import Refusal, kinds

HEAD: Final = """\
# Refusals

Every no that the API says is problem details (RFC 9457) with a stable `code`; clients may branch on it. Pages say the
same sentences. What stands in braces is a fact of the refusal and comes in `facts` too. An integrator who asks for the
test amount with a test key is refused so ([integrators.md](integrators.md)). `manage.py refusals` writes this page, and
a test fails when it is not what the code says.

"""

COLUMNS: Final = """\
| Code | Status | Test amount (satang) | When | What the person is told |
|---|---|---|---|---|
"""

TITLES: Final = {
    "wallet": "People, money, keys",
    "subsidies": "Schemes",
    "merchants": "Scanning and paying, shops",
    "settlement": "Days, payouts, the bank",
    "config": "Requests",
}

# What no operation refuses, but the framework: code, status, when.
OF_THE_FRAMEWORK: Final = {
    "not_found": (404, "There is nothing at this address."),
    "method_not_allowed": (405, "This address does not know the method."),
    "unsupported_media_type": (415, "The body is of a type that is not read here."),
    "form_too_old": (403, "A page's form was open for too long, or another site has sent it."),
    "busy_try_again": (409, "Another request of the same caller took too long to wait for; nothing was done."),
    "unavailable_try_again": (503, "The database went away; whether it was done, the same key tells."),
    "our_fault": (500, "A mistake of ours, which the log keeps."),
}


class Command(BaseCommand):
    """Print the page."""

    help = "Print docs/refusals.md: code, status, when, and what the person is told."
    requires_system_checks = ()

    def handle(self, *_arguments: Any, **_options: Any) -> None:
        """Print it."""
        self.stdout.write(page(), ending="")


def page() -> str:
    """Return the whole page."""
    return HEAD + "\n".join(f"## {title}\n\n{COLUMNS}{''.join(rows)}" for title, rows in _sections())


def _sections() -> Iterator[tuple[str, Iterable[str]]]:
    _load_everything()
    for floor, title in TITLES.items():
        ours = sorted((kind for kind in kinds() if kind.__module__.split(".")[0] == floor), key=lambda kind: kind.code)
        yield title, [_row(kind.code, kind.status, str(amount_for(kind.code)), _when(kind)) for kind in ours]
    yield "The framework's own", [_row(code, status, "", when) for code, (status, when) in OF_THE_FRAMEWORK.items()]


def _load_everything() -> None:
    for floor in TITLES:
        for module in walk_packages(import_module(floor).__path__, f"{floor}."):
            if not module.name.endswith("__main__"):
                import_module(module.name)


def _row(code: str, status: int, test_amount: str, when: str) -> str:
    told = words.catalogue()[code][1]
    return f"| `{code}` | {status} | {test_amount} | {when} | {told} |\n"


def _when(kind: type[Refusal]) -> str:
    return " ".join((inspect.getdoc(kind) or "").split("\n\n")[0].split())
