"""Midnight to the next evening: the timetable closes the day and builds the payouts, two officers let the money go.

Nothing here closes or builds: the script moves the clock and waits for Celery. What officers do they do over HTTP.
"""

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from lxml import etree

from config.demo.cast import ACCOUNT_CLOSED, ANAN, MARKET_DAY, PLOY, at
from config.demo.house import House
from config.demo.line import Line, Surprise
from config.demo.market import Market, stand_at
from config.demo.people import Officer
from config.demo.scenes import expect
from config.demo.waiting import wait_until

XML: Final = "application/xml"


@dataclass
class Settled:
    """What went to the bank, and what came back."""

    files: list[Path] = field(default_factory=list)
    answers: list[dict[str, Any]] = field(default_factory=list)


def settle(market: Market, house: House, tell: Callable[[str], None]) -> Settled:
    """Let the night come, and the money arrive.

    :raises Surprise: something went otherwise than the script says.
    """
    ploy, anan = market.officers[PLOY.username], market.officers[ANAN.username]
    ploy.sign_in()
    anan.sign_in()
    settled = Settled()

    stand_at(at(0, 0, 5, days=1))
    wait_until(lambda: _closed(ploy), "the timetable has closed the market day")
    tell("11 Nov 00:00  the timetable has closed the day")

    stand_at(at(2, days=1))
    batch = _built(ploy, "the citizens' part")
    seen = _submitted(ploy, batch)
    ploy.post(f"batches/{batch}/approval/", {"seen": seen, "totp": "135790"}).refused("approver_submitted")
    _approved(anan, batch)
    tell("              the citizens' part: Ploy submits, and may not approve it herself; Anan does, by second factor")
    answer = _to_the_bank(house, ploy, batch, settled)
    tell(f"11 Nov 02:00  the bank has confirmed {answer['confirmed']} payouts")

    stand_at(at(17, 30, days=1))
    batch = _built(anan, "the State's part")
    _submitted(anan, batch)
    _approved(ploy, batch)
    tell("              the State's part: Anan submits, Ploy approves")
    answer = _to_the_bank(house, anan, batch, settled, mishaps=True)
    expect(answer["returned"], 1, "payouts that the bank gave back")
    expect(answer["discrepancies"], 1, "lines of the statement that nobody expected")
    tell(
        f"11 Nov 17:30  the bank has confirmed {answer['confirmed']} payouts, returned 1 (account closed), and booked 1"
        " line that nobody expected"
    )
    return settled


def _closed(officer: Officer) -> bool:
    days = {day["business_date"]: day for day in officer.get("days/").must(200)["results"]}
    day = days.get(MARKET_DAY.isoformat())
    return day is not None and day["closed_at"] is not None


def _built(officer: Officer, part: str) -> str:
    """Wait until the timetable has built a batch, and return its id."""
    waiting: list[str] = []

    def built() -> bool:
        batches = officer.get("batches/").must(200)["results"]
        waiting[:] = [batch["id"] for batch in batches if batch["state"] == "waiting"]
        return bool(waiting)

    wait_until(built, f"the timetable has built the batch of {part}")
    return waiting[0]


def _submitted(officer: Officer, batch: str) -> str:
    """Let an officer look at a batch and submit it; return the digest of what they were shown."""
    seen: str = officer.get(f"batches/{batch}/").must(200)["seen"]
    officer.post(f"batches/{batch}/submission/", {"seen": seen}).must()
    return seen


def _approved(officer: Officer, batch: str) -> None:
    """Let another officer look at it too, and approve it with a code of this moment."""
    seen = officer.get(f"batches/{batch}/").must(200)["seen"]
    officer.post(f"batches/{batch}/approval/", {"seen": seen, "totp": officer.code()}).must()


def _to_the_bank(
    house: House, officer: Officer, batch: str, settled: Settled, *, mishaps: bool = False
) -> dict[str, Any]:
    """Take the bank file of a batch to the bank, and its statement to the service, and return what came of it."""
    written: list[dict[str, Any]] = []

    def there() -> bool:
        written[:] = [file for file in officer.get("bank-files/").must(200)["results"] if file["batch_id"] == batch]
        return bool(written)

    wait_until(there, "the timetable has written the bank file")
    content = officer.get(f"bank-files/{written[0]['id']}/content/")
    content.must_be(200)
    file = house.folder / f"bank-file-{len(settled.files) + 1}.pain001.xml"
    file.write_bytes(content.content)
    settled.files.append(file)

    wishes = f"?return={_place_of(ACCOUNT_CLOSED.bank_account, content.content)}&stray=1" if mishaps else ""
    with closing(Line(house.bank_address)) as bank:
        statement = bank.ask("POST", f"/payments{wishes}", content.content, content_type=XML)
    statement.must_be(200)
    answer: dict[str, Any] = officer.post("bank-statements/", statement.content, content_type=XML).must()
    settled.answers.append(answer)
    return answer


def _place_of(bank_account: str, payment_file: bytes) -> int:
    """Return which transfer of a pain.001, counted from 1, goes to a bank account.

    :raises Surprise: none does.
    """
    transfers = etree.fromstring(payment_file, etree.XMLParser(resolve_entities=False)).iter("{*}CdtTrfTxInf")
    for place, transfer in enumerate(transfers, start=1):
        if bank_account in {account.text for account in transfer.iterfind("{*}CdtrAcct/{*}Id/{*}Othr/{*}Id")}:
            return place
    raise Surprise(f"No payout in the bank file goes to the account {bank_account}.")
