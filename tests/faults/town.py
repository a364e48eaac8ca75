"""Who lives there: citizens and stalls with what their phones need, two officers, and the processes of the phones."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from django.contrib.auth import get_user_model
from django_otp.plugins.otp_totp.models import TOTPDevice

from config.demo.cast import ANAN, PLOY, Employee
from config.demo.house import House
from config.demo.line import Line
from config.demo.parts import Part, python
from config.demo.people import Officer
from tests.cast import PIN, Citizen, Stage, Stall
from tests.faults.phones import SCHEME
from tests.properties.stalls import SMALL_HALF
from wallet.models import Officer as OfficerRow

PROCESSES: Final = 3
THREADS: Final = 3
CITIZENS_EACH: Final = 9
STALLS_EACH: Final = 3
POCKET: Final = 50_000_00

# The same rules for two years, with places for all and a right that lasts: a run of hundreds of days.
LONG_HALF: Final = {
    "small-half": SCHEME,
    "places = 2": "places = 100",
    "amount_satang = 500_00": "amount_satang = 100_000_00",
    "ends_at = 2025-11-15": "ends_at = 2027-11-15",
    "by = 2025-11-08": "by = 2027-11-08",
    "ends_at = 2025-11-20": "ends_at = 2027-11-20",
}
FUNDED: Final = 100 * 100_000_00


@dataclass
class Town:
    """Everybody, and where they write down what they are told."""

    folder: Path
    citizens: list[Citizen]
    stalls: list[Stall]
    ploy: Officer
    anan: Officer
    phones: list[Part] = field(default_factory=list)

    def begin_to_buy(self, house: House, *, address: str, seed: str) -> None:
        """Start the processes of the phones."""
        for number in range(PROCESSES):
            plan = self.folder / f"plan-{number}.json"
            plan.write_text(json.dumps(self._plan(number, address=address, seed=f"{seed} {number}")))
            log = self.folder / "logs" / f"phones-{number}.log"
            self.phones.append(Part("phones", python("tests.faults.phones", str(plan)), house.environment, log))
            self.phones[-1].start()

    def stop_buying(self) -> None:
        """Let everybody finish what they have begun, and go home.

        :raises PartDied: a process of phones broke, and with it all that it was told.
        """
        for part in self.phones:
            part.ask_to_stop()
        for part in self.phones:
            part.must_end_well()

    def told(self) -> list[dict[str, Any]]:
        """Return everything that anybody has written down so far, whole lines only."""
        lines = [
            line
            for notebook in sorted(self.folder.glob("told-*.jsonl"))
            for line in notebook.read_text(encoding="utf-8").splitlines(keepends=True)
        ]
        return [json.loads(line) for line in lines if line.endswith("\n")]

    def paid_so_far(self) -> int:
        """Return how many payments have been told so far."""
        return sum(notebook.read_bytes().count(b'{"what": "paid"') for notebook in self.folder.glob("told-*.jsonl"))

    def _plan(self, number: int, *, address: str, seed: str) -> dict[str, Any]:
        first = number * CITIZENS_EACH
        people = list(enumerate(self.citizens))[first : first + CITIZENS_EACH]
        stalls = self.stalls[number * STALLS_EACH : (number + 1) * STALLS_EACH]
        return {
            "address": address,
            "notebook": str(self.folder / f"told-{number}.jsonl"),
            "seed": seed,
            "threads": THREADS,
            "people": [
                {
                    "id": str(one.id),
                    "pin": PIN,
                    "sign_in": {
                        "grant": "citizen",
                        "phone": f"08{place:08d}",
                        "pin": PIN,
                        "device_id": str(one.device.id),
                    },
                }
                for place, one in people
            ],
            "tills": [{"grant": "till", "till_id": str(stall.till.id), "secret": stall.secret} for stall in stalls],
        }


def found(folder: Path, line: Line) -> Town:
    """Let everybody come: books open, money set aside, wallets filled, places taken."""
    stage = Stage()
    stage.open_books()
    document = SMALL_HALF
    for short, long in LONG_HALF.items():
        document = document.replace(short, long)
    stage.scheme(document=document, funded=FUNDED)
    citizens = [
        stage.citizen(f"citizen {number}", cash_satang=POCKET, enrolled=SCHEME)
        for number in range(PROCESSES * CITIZENS_EACH)
    ]
    stalls = [stage.stall(f"stall {number}") for number in range(PROCESSES * STALLS_EACH)]
    return Town(folder, citizens, stalls, _officer(PLOY, line), _officer(ANAN, line))


def _officer(who: Employee, line: Line) -> Officer:
    officer = Officer(who, line)
    user = get_user_model().objects.create_user(who.username, password=who.password, is_staff=True)
    TOTPDevice.objects.create(user=user, name="authenticator app", key=officer.seed)
    OfficerRow.objects.create(user=user)
    return officer
