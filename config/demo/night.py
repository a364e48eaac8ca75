"""Midnight to the next evening: the timetable closes the day and builds the payouts, two officers let the money go.

Nothing here closes or builds: the script moves the clock and waits for Celery. What officers do they do over HTTP.
"""

from collections.abc import Callable
from contextlib import closing
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


def settle(market: Market, house: House, tell: Callable[[str], None]) -> list[Path]:
    """Let the night come and the money arrive; return the files that went to the bank.

    :raises Surprise: something went otherwise than the script says.
    """
    ploy, anan = market.officers[PLOY.username], market.officers[ANAN.username]
    ploy.sign_in()
    anan.sign_in()

    stand_at(at(0, 0, 5, days=1))
    wait_until(lambda: _closed(ploy), "the timetable has closed the market day")
    tell("11 Nov 00:00  the timetable has closed the day")

    stand_at(at(2, days=1))
    batch = _built(ploy, "the citizens' part")
    seen = _submitted(ploy, batch)
    ploy.post(f"batches/{batch}/approval/", {"seen": seen, "totp": "135790"}).refused("approver_submitted")
    _approved(anan, batch)
    tell("              the citizens' part: Ploy submits, and may not approve it herself; Anan does, by second factor")
    citizens_part = _bank_file(house, ploy, batch, number=1)
    answer = _paid(house, ploy, citizens_part)
    tell(f"11 Nov 02:00  the bank has confirmed {answer['confirmed']} payouts")

    stand_at(at(17, 30, days=1))
    batch = _built(anan, "the State's part")
    _submitted(anan, batch)
    _approved(ploy, batch)
    tell("              the State's part: Anan submits, Ploy approves")
    states_part = _bank_file(house, anan, batch, number=2)
    account_closed = _place_of(ACCOUNT_CLOSED.bank_account, states_part.read_bytes())
    answer = _paid(house, anan, states_part, mishaps=f"?return={account_closed}&stray=1")
    expect(answer["returned"], 1, "payouts that the bank gave back")
    expect(answer["discrepancies"], 1, "lines of the statement that nobody expected")
    tell(
        f"11 Nov 17:30  the bank has confirmed {answer['confirmed']} payouts, returned 1 (account closed), and booked 1"
        " line that nobody expected"
    )
    return [citizens_part, states_part]


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


def _bank_file(house: House, officer: Officer, batch: str, *, number: int) -> Path:
    """Wait until the timetable has written the bank file of a batch, take it out of the house, and keep it."""
    written: list[str] = []

    def there() -> bool:
        files = officer.get("bank-files/").must(200)["results"]
        written[:] = [file["id"] for file in files if file["batch_id"] == batch]
        return bool(written)

    wait_until(there, "the timetable has written the bank file")
    answer = officer.get(f"bank-files/{written[0]}/content/")
    answer.must_be(200)
    file = house.folder / f"bank-file-{number}.pain001.xml"
    file.write_bytes(answer.content)
    return file


def _paid(house: House, officer: Officer, file: Path, *, mishaps: str = "") -> dict[str, Any]:
    """Take a file to the bank, its statement back to the service, and return what came of that.

    :param mishaps: what goes wrong at the loopback bank, as a query (`config/loopback/bank.py`).
    """
    with closing(Line(house.bank_address)) as bank:
        statement = bank.ask("POST", f"/payments{mishaps}", file.read_bytes(), content_type=XML)
    statement.must_be(200)
    answer: dict[str, Any] = officer.post("bank-statements/", statement.content, content_type=XML).must()
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
