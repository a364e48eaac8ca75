"""A bank on loopback: it takes a payment file and answers with the statement of that day.

It is as strict as a bank with what it is sent, and does on request what banks do to everybody some day: a payout comes
back because the account is closed (`return`), money arrives that nobody expected (`stray`), a payout comes back days
after it was confirmed (`/returns`). It never reads the clock: a day is whatever day the payment file asks for.

    POST /payments?return=2&stray=1&opening_satang=100000000     a pain.001.001.09  ->  a camt.053.001.08
    POST /returns?message_id=...&transfer=1                      nothing            ->  a camt.053.001.08

Refusals are 4xx with a sentence. A message id is taken once: sent again, the same file gets the same statement.
"""

import argparse
import hashlib
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from config.loopback.bank_files import (
    RECEIVED,
    RETURNED,
    FileWrong,
    Line,
    PaymentFile,
    read_payments,
    write_statement,
)
from wallet.money import Satang

OPENING_BALANCE: Final[Satang] = 1_000_000_000_00

# 50,000 payouts are about 21 MB.
LARGEST_FILE: Final = 1 << 28
SOCKET_SECONDS: Final = 30

ACCOUNT_CLOSED: Final = "AC04"  # ISO 20022 external code set, Return Reason


class FileRefused(Exception):  # noqa: N818  the bank says no in a sentence
    """The bank does not take this."""

    def __init__(self, status: HTTPStatus, sentence: str) -> None:
        """Keep the HTTP status and the sentence that say why."""
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence


# Nok pays her stall rent to the wrong account.
STRAY: Final = Line(amount=123_45, code=RECEIVED, end_to_end_id="NOTPROVIDED", name="Nok", remittance="ค่าเช่าแผง")


@dataclass(slots=True)
class _Taken:
    """A payment file that was paid: what it was, what was answered, and the second answers for what came back late."""

    file: PaymentFile
    fingerprint: bytes
    statement: bytes
    returned: int | None
    late: dict[int, bytes]


class Bank:
    """The bank itself, without its HTTP. It remembers in this process only."""

    def __init__(self, *, opening_balance: Satang = OPENING_BALANCE) -> None:
        """Open one account, for whoever sends the first file."""
        self._balance = opening_balance
        self._taken: dict[str, _Taken] = {}
        self._statements = 0
        self._lock = threading.Lock()

    def pay(
        self, *, file: bytes, returned: int | None = None, stray: bool = False, opening_balance: Satang | None = None
    ) -> bytes:
        """Pay a pain.001 and return the day's camt.053; for a file that was paid before, the one of then.

        :param returned: which transfer, counted from 1, comes back at once.
        :param stray: whether money arrives that nobody expected.
        :param opening_balance: satang; what the account holds, if not what the bank remembers.
        :raises FileRefused: the file is not in order, or its message id belongs to another file.
        """
        fingerprint = hashlib.sha256(file).digest()
        try:
            payments = read_payments(file)
        except FileWrong as wrong:
            raise FileRefused(HTTPStatus.BAD_REQUEST, str(wrong)) from None
        with self._lock:
            earlier = self._taken.get(payments.message_id)
            if earlier and earlier.fingerprint != fingerprint:
                raise FileRefused(HTTPStatus.CONFLICT, f"{payments.message_id} was another file")
            if earlier:
                return earlier.statement
            lines = list(payments.lines)
            if returned is not None:
                lines.append(_return_of(payments, returned))
            if stray:
                lines.append(STRAY)
            if opening_balance is not None:
                self._balance = opening_balance
            statement = self._state(payments, lines, on=payments.requested_on)
            self._taken[payments.message_id] = _Taken(payments, fingerprint, statement, returned, {})
            return statement

    def give_back(self, *, message_id: str, transfer: int) -> bytes:
        """Return the next day's camt.053, in which one transfer of a paid file, counted from 1, has come back.

        :raises FileRefused: the bank never paid it, or gave it back on the day itself.
        """
        with self._lock:
            taken = self._taken.get(message_id)
            if taken is None:
                raise FileRefused(HTTPStatus.NOT_FOUND, f"{message_id} was never paid")
            if transfer == taken.returned:
                raise FileRefused(HTTPStatus.CONFLICT, f"transfer {transfer} came back on the day itself")
            if transfer not in taken.late:
                line = _return_of(taken.file, transfer)
                taken.late[transfer] = self._state(taken.file, [line], on=taken.file.requested_on + timedelta(days=1))
            return taken.late[transfer]

    def _state(self, payments: PaymentFile, lines: list[Line], *, on: date) -> bytes:
        self._statements += 1
        opening, self._balance = self._balance, self._balance + sum(line.amount for line in lines)
        return write_statement(
            statement_id=f"LOOPBACK-{self._statements:06d}",
            account=payments.account,
            on=on,
            opening_balance=opening,
            closing_balance=self._balance,
            lines=lines,
        )


def _return_of(payments: PaymentFile, transfer: int) -> Line:
    # As banks book it: the debit stays, and a credit with the same end-to-end id and a reason stands against it.
    if not 1 <= transfer <= len(payments.lines):
        raise FileRefused(HTTPStatus.BAD_REQUEST, f"{payments.message_id} has no transfer {transfer}")
    paid = payments.lines[transfer - 1]
    return replace(paid, amount=-paid.amount, code=RETURNED, return_reason=ACCOUNT_CLOSED)


class _Counter(BaseHTTPRequestHandler):
    """The bank's counter: turns a request into one call of the bank, and the answer into a response."""

    protocol_version = "HTTP/1.1"
    timeout = SOCKET_SECONDS
    bank: Bank

    def do_POST(self) -> None:
        """Answer with a statement, or with a sentence that says why there is none."""
        try:
            statement = self._statement()
        except FileRefused as refused:
            self._answer(refused.status, "text/plain; charset=utf-8", f"{refused.sentence}\n".encode())
        else:
            self._answer(HTTPStatus.OK, "application/xml", statement)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the name that http.server gives
        """Say nothing: requests carry names and accounts."""

    def _statement(self) -> bytes:
        url, file = urlsplit(self.path), self._body()
        asked = dict(parse_qsl(url.query, keep_blank_values=True))
        if url.path == "/payments":
            return self.bank.pay(
                file=file,
                returned=_number(asked, "return"),
                stray=asked.get("stray") == "1",
                opening_balance=_number(asked, "opening_satang"),
            )
        if url.path == "/returns":
            transfer = _number(asked, "transfer")
            return self.bank.give_back(
                message_id=asked.get("message_id", ""), transfer=1 if transfer is None else transfer
            )
        raise FileRefused(HTTPStatus.NOT_FOUND, f"nothing is taken at {url.path}")

    def _body(self) -> bytes:
        length = self.headers.get("Content-Length", "")
        if not length.isascii() or not length.isdigit() or int(length) > LARGEST_FILE:
            self.close_connection = True  # what follows cannot be told from the next request
            raise FileRefused(HTTPStatus.BAD_REQUEST, f"send Content-Length, up to {LARGEST_FILE}")
        return self.rfile.read(int(length))

    def _answer(self, status: HTTPStatus, content_type: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)


def _number(asked: dict[str, str], name: str) -> int | None:
    text = asked.get(name)
    if text is None:
        return None
    try:
        return int(text)
    except ValueError:
        raise FileRefused(HTTPStatus.BAD_REQUEST, f"{name} is a number") from None


def _open(*, opening_balance: Satang, port: int) -> ThreadingHTTPServer:
    # A counter of its own for each bank, so that two banks in one process know nothing of each other.
    counter = type("_BankCounter", (_Counter,), {"bank": Bank(opening_balance=opening_balance)})
    return ThreadingHTTPServer(("127.0.0.1", port), counter)


@contextmanager
def serve(*, opening_balance: Satang = OPENING_BALANCE, port: int = 0) -> Iterator[str]:
    """Run a bank in a thread of this process, and give its address: `http://127.0.0.1:40713`.

    :param opening_balance: satang.
    :param port: any free one unless said.
    """
    server = _open(opening_balance=opening_balance, port=port)
    # The default looks twice a second whether it is to stop, and every test would wait for that.
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, name="loopback bank")
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def main() -> None:
    """Run a bank until SIGTERM or SIGINT; its first line of output is its address."""
    arguments = argparse.ArgumentParser(description="A bank on loopback.")
    arguments.add_argument("--port", type=int, default=0)
    arguments.add_argument("--opening-satang", type=int, default=OPENING_BALANCE)
    chosen = arguments.parse_args()
    # Blocked in every thread from here on, and waited for below: a handler could be interrupted by the next signal
    # while it holds a lock, and wait for itself for ever.
    stops = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, stops)
    with serve(opening_balance=chosen.opening_satang, port=chosen.port) as url:
        sys.stdout.write(f"{url}\n")
        sys.stdout.flush()
        signal.sigwait(stops)


if __name__ == "__main__":
    main()
