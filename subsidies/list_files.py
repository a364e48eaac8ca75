"""The files of lists of people: a national ID on each line, read in bounded memory, whatever somebody sends.

CSV as offices make it: with a header or none, quoted or not, any line end, a byte order mark or none, IDs with or
without their dashes. The ID is the first column, or the one that the header calls `national_id`; other columns are
not looked at. A line that holds nobody is told by its number and what is wrong with it, with all but the last four
digits hidden.
"""

import csv
import hashlib
import io
from collections.abc import Iterator
from enum import StrEnum
from typing import Any, BinaryIO, Final, NamedTuple

from wallet import privacy
from wallet.identity import ID_DIGITS, valid_national_id
from wallet.refusals import Refusal

# A row with names and addresses in Thai, three bytes a letter; what is longer is no row of people.
LONGEST_LINE: Final = 4_096
# Enough lines to make round trips cheap, few enough to stay small in memory and short as a transaction.
LINES_AT_ONCE: Final = 10_000
READ_AT_ONCE: Final = 1 << 16

BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
HEADERS: Final = ("national_id", "เลขประจำตัวประชาชน")


class Wrong(StrEnum):
    """What can be wrong with a line."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    NUL_BYTE = "nul_byte"
    NOT_UTF8 = "not_utf8"
    NOT_CSV = "not_csv"
    NOT_13_DIGITS = "not_13_digits"
    CHECK_DIGIT = "check_digit_wrong"
    DUPLICATE = "duplicate"


class FileDiffers(Refusal):
    """The file does not begin with the bytes that were read before."""

    code = "list_file_differs"
    status = 422


class Rejected(NamedTuple):
    """A line that holds nobody new."""

    line: int
    why: Wrong
    masked: str


class Place(NamedTuple):
    """How far a file was read: to the end of a line, and the digest of all until there."""

    bytes_read: int
    lines: int
    digest: bytes


START: Final = Place(0, 0, hashlib.sha256().digest())


class Batch(NamedTuple):
    """Some lines of a file: whom they name, by keyed index, with line and masked digits; what is wrong; and how far."""

    people: dict[bytes, tuple[int, str]]
    rejected: list[Rejected]
    place: Place


def batches(*, file: BinaryIO, size: int, after: Place = START) -> Iterator[Batch]:
    """Yield what a file says, a bounded number of lines at a time.

    What was read before is only hashed again, to see that it is the same file. Where the file ends before its `size`,
    whoever sends it was cut off, perhaps within a line: the lines since the last batch are left for the next time.

    :param size: bytes of the whole file.
    :param after: a `place` that an earlier reading of the same file came to.
    :raises FileDiffers: it is not the same file.
    """
    reading = _Reading(file, size)
    reading.pass_over(after)
    while batch := reading.batch():
        yield batch


class _Reading:
    """A file and how far it was read."""

    def __init__(self, file: BinaryIO, size: int) -> None:
        self.file = io.BufferedReader(_Raw(file), READ_AT_ONCE)
        self.size = size
        self.cut_off = False
        self.digest = hashlib.sha256()
        self.bytes_read = 0
        self.lines = 0
        self.column = 0

    def pass_over(self, after: Place) -> None:
        if after == START:
            return
        while self.bytes_read < after.bytes_read and (line := self._line()):
            self._is_header(line)
        self.cut_off = self.bytes_read < after.bytes_read
        if not self.cut_off and (self.bytes_read, self.lines, self.digest.digest()) != after:
            raise FileDiffers

    def batch(self) -> Batch | None:
        """Return the next lines, or None at the end, be it the file's or the line's."""
        batch, before = Batch({}, [], START), self.lines
        while self.lines < before + LINES_AT_ONCE and (line := self._line()):
            if not self._is_header(line):
                self._judge(line, batch)
        if self.cut_off or self.lines == before:
            return None
        return batch._replace(place=Place(self.bytes_read, self.lines, self.digest.digest()))

    def _line(self) -> bytes:
        """Return the next line with its end, b"" at the end of the file; of a longer one its beginning."""
        line = self._hashed(LONGEST_LINE + 1)
        self.lines += bool(line)
        rest = line
        while rest and not rest.endswith(b"\n"):
            rest = self._hashed(READ_AT_ONCE)
            self.cut_off = not rest and self.bytes_read < self.size
        return line

    def _hashed(self, most: int) -> bytes:
        piece = self.file.readline(most)
        self.digest.update(piece)
        self.bytes_read += len(piece)
        return piece

    def _is_header(self, line: bytes) -> bool:
        """Return whether this is a first line that names columns instead of a person."""
        if self.lines > 1 or len(line) > LONGEST_LINE:
            return False
        try:
            names = _fields(line.removeprefix(BYTE_ORDER_MARK).decode())
        except (UnicodeDecodeError, csv.Error):
            return False
        named = [number for number, name in enumerate(names) if name.strip().casefold() in HEADERS]
        self.column = named[0] if named else 0
        first = names[0] if names else ""
        return bool(named) or (any(map(str.isalpha, first)) and not any(map(str.isdigit, first)))

    def _judge(self, line: bytes, batch: Batch) -> None:
        digits, wrong = self._digits(line)
        if wrong is None and not valid_national_id(digits):
            wrong = Wrong.CHECK_DIGIT if _is_thirteen_digits(digits) else Wrong.NOT_13_DIGITS
        if wrong is not None:
            batch.rejected.append(Rejected(self.lines, wrong, _masked(digits)))
            return
        index = privacy.index_of("national_id", digits)
        if index in batch.people:
            batch.rejected.append(Rejected(self.lines, Wrong.DUPLICATE, privacy.masked_digits(digits)))
        else:
            batch.people[index] = (self.lines, privacy.masked_digits(digits))

    def _digits(self, line: bytes) -> tuple[str, Wrong | None]:
        """Return what stands where the ID should, or what is wrong with the line as a line."""
        if len(line) > LONGEST_LINE:
            return "", Wrong.TOO_LONG
        if self.lines == 1:
            line = line.removeprefix(BYTE_ORDER_MARK)
        if b"\0" in line:
            return "", Wrong.NUL_BYTE
        try:
            fields = _fields(line.decode())
        except UnicodeDecodeError:
            return "", Wrong.NOT_UTF8
        except csv.Error:
            return "", Wrong.NOT_CSV
        found = fields[self.column].replace("-", "").replace(" ", "") if len(fields) > self.column else ""
        return found, None if found else Wrong.EMPTY


def _fields(line: str) -> list[str]:
    """Return the columns of one line.

    :raises csv.Error: a quote is opened and not closed.
    """
    line = line.rstrip("\r\n")
    if '"' not in line:
        return line.split(",")
    return next(csv.reader([line], strict=True), [])


def _is_thirteen_digits(text: str) -> bool:
    return len(text) == ID_DIGITS and text.isascii() and text.isdigit()


def _masked(text: str) -> str:
    """Return the digits of what was found with all but the last four hidden; nothing of what is too short to hide."""
    digits = "".join(letter for letter in text[: ID_DIGITS + 4] if letter.isascii() and letter.isdigit())
    return privacy.masked_digits(digits) if len(digits) > 8 else ""


class _Raw(io.RawIOBase):
    """What somebody sends, as a file that can be read line by line. A line that was cut reads as the end."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        room = memoryview(buffer)
        try:
            data = self.file.read(len(room))
        except OSError:  # whoever sends has hung up; how much came is compared with how much was announced
            return 0
        room[: len(data)] = data
        return len(data)
