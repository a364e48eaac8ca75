"""A file that somebody calls a list of people, read line by line."""

import hashlib
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subsidies import list_files
from subsidies.list_files import LINES_AT_ONCE, LONGEST_LINE, FileDiffers, batches
from tests.cast import thai_id
from wallet import privacy

SOMCHAI, NOK, MALEE = thai_id(1), thai_id(2), thai_id(3)


def index(national_id: str) -> bytes:
    return privacy.index_of("national_id", national_id)


def read(content: bytes) -> tuple[list[bytes], list[tuple[int, str, str]]]:
    """Return whom a file names, and what is wrong with which line."""
    found = list(batches(file=io.BytesIO(content), size=len(content)))
    return [person for batch in found for person in batch.people], [
        (line, str(why), masked) for batch in found for line, why, masked in batch.rejected
    ]


@pytest.mark.parametrize(
    "content",
    [
        f"{SOMCHAI}\n{NOK}\n",
        f"{SOMCHAI}\n{NOK}",
        f"{SOMCHAI}\r\n{NOK}\r\n",
        f"\ufeff{SOMCHAI}\n{NOK}\n",
        f'"{SOMCHAI}"\n"{NOK}"\n',
        f"  {SOMCHAI} \n{NOK},\n",
        f"{SOMCHAI[0]}-{SOMCHAI[1:5]}-{SOMCHAI[5:10]}-{SOMCHAI[10:12]}-{SOMCHAI[12]}\n{NOK}\n",
        f"national_id\n{SOMCHAI}\n{NOK}\n",
        f"\ufeffnational_id\r\n{SOMCHAI}\r\n{NOK}\r\n",
        f"\ufeffเลขบัตร\n{SOMCHAI}\n{NOK}\n",
        f"ชื่อ,เลขประจำตัวประชาชน\nสมชาย,{SOMCHAI}\nนก,{NOK}\n",
        f'name,NATIONAL_ID,year\n"ใจดี, สมชาย",{SOMCHAI},2567\n"นก ""เล็ก""",{NOK},2567\n',
    ],
)
def test_a_list_is_read_however_an_office_writes_it(content):
    assert read(content.encode()) == ([index(SOMCHAI), index(NOK)], [])


@pytest.mark.parametrize(
    ("line", "why", "masked"),
    [
        (b"", "empty", ""),
        (b"   ", "empty", ""),
        (b",somchai", "empty", ""),
        (b'""', "empty", ""),
        (b"12345", "not_13_digits", ""),
        (b"123456789012", "not_13_digits", "••••••••9012"),
        (b"12345678901234", "not_13_digits", "••••••••••1234"),
        (b"1.23457E+12", "not_13_digits", ""),
        ("๑๒๓๔๕๖๗๘๙๐๑๒๑".encode(), "not_13_digits", ""),
        ("สมชาย ใจดี".encode(), "not_13_digits", ""),
        (f"{SOMCHAI}\t2567".encode(), "not_13_digits", "•" * 12 + SOMCHAI[12] + "256"),
        (f"{SOMCHAI[:12]}{(int(SOMCHAI[12]) + 1) % 10}".encode(), "check_digit_wrong", None),
        (b"1234567890123\x00", "nul_byte", ""),
        (SOMCHAI.encode("utf-16-le"), "nul_byte", ""),
        ("สมชาย".encode("cp874"), "not_utf8", ""),
        (b'"' + SOMCHAI.encode(), "not_csv", ""),
        (SOMCHAI.encode() + b"," + b"x" * LONGEST_LINE, "too_long", ""),
        (NOK.encode(), "duplicate", "•••••••••" + NOK[9:]),
    ],
)
def test_a_line_that_holds_nobody_new_is_told_by_its_number_and_never_by_its_id(line, why, masked):
    content = NOK.encode() + b"\n" + line + b"\n" + MALEE.encode() + b"\n"

    people, rejected = read(content)

    assert people == [index(NOK), index(MALEE)]
    assert [(number, said) for number, said, _ in rejected] == [(2, why)]
    assert rejected[0][2] == masked or masked is None
    assert not any(len(part) > 4 for part in rejected[0][2].split("•"))


def test_a_first_line_is_a_header_only_if_it_names_no_number():
    assert read(f"{SOMCHAI[:12]}\n{NOK}\n".encode()) == (
        [index(NOK)],
        [(1, "not_13_digits", "••••••••" + SOMCHAI[8:12])],
    )
    assert read(b"name\n") == ([], [])


def test_nothing_is_read_from_an_empty_file():
    assert list(batches(file=io.BytesIO(), size=0)) == []


def test_a_long_file_comes_in_batches_that_together_are_the_file():
    content = "".join(f"{thai_id(number)}\n" for number in range(2 * LINES_AT_ONCE + 5)).encode()

    found = list(batches(file=io.BytesIO(content), size=len(content)))

    assert [len(batch.people) for batch in found] == [LINES_AT_ONCE, LINES_AT_ONCE, 5]
    assert found[-1].place == (len(content), 2 * LINES_AT_ONCE + 5, hashlib.sha256(content).digest())


def test_a_reading_goes_on_where_another_stopped():
    content = ("national_id\n" + "".join(f"{thai_id(number)}\n" for number in range(LINES_AT_ONCE + 5))).encode()
    first, second = batches(file=io.BytesIO(content), size=len(content))

    (rest,) = batches(file=io.BytesIO(content), size=len(content), after=first.place)

    assert rest == second
    assert list(batches(file=io.BytesIO(content), size=len(content), after=second.place)) == []


def test_another_file_does_not_go_on_where_the_first_stopped():
    content = "".join(f"{thai_id(number)}\n" for number in range(LINES_AT_ONCE + 5)).encode()
    first, _ = batches(file=io.BytesIO(content), size=len(content))

    for other in (MALEE.encode() + content[13:], content[14:], b"\n" + content):
        with pytest.raises(FileDiffers):
            list(batches(file=io.BytesIO(other), size=len(content), after=first.place))
    # Cut off before the place where it was cut off last time, it is read no further, and may be sent again.
    for shorter in (content[:705], content[: first.place.bytes_read - 1], b""):
        assert list(batches(file=io.BytesIO(shorter), size=len(content), after=first.place)) == []


@pytest.mark.parametrize("cut", [1, 12, 13, 14, 20])
def test_a_line_that_was_cut_in_the_middle_is_not_taken_for_a_line(cut):
    content = f"{SOMCHAI}\n{NOK}\n".encode()

    found = list(batches(file=io.BytesIO(content[:cut]), size=len(content)))

    # Only a whole number of lines counts; what came of them is read again.
    assert [list(batch.people) for batch in found] == ([[index(SOMCHAI)]] if cut == 14 else [])


class Hanging(io.RawIOBase):
    """A line that breaks off as Django tells it: with an error."""

    def read(self, _size: int = -1, /) -> bytes:
        raise OSError("the phone was put down")


def test_a_line_that_breaks_off_reads_as_an_end():
    assert list(batches(file=Hanging(), size=100)) == []


class Rubbish(io.RawIOBase):
    """A gigabyte of one letter, made as it is read."""

    left = 1 << 30
    asked: set[int] = set()

    def read(self, size: int = -1, /) -> bytes:
        self.asked.add(size)
        piece = min(size, self.left)
        self.left -= piece
        return b"x" * piece


def test_a_gigabyte_without_a_line_end_is_one_line_that_is_too_long():
    found = list(batches(file=Rubbish(), size=1 << 30))

    assert [(batch.people, [(line, str(why)) for line, why, _ in batch.rejected]) for batch in found] == [
        ({}, [(1, "too_long")])
    ]
    # Nobody asked for more than a piece at a time.
    assert max(Rubbish.asked) <= list_files.READ_AT_ONCE


@given(content=st.binary(max_size=400) | st.text(max_size=200).map(str.encode), cut=st.integers(0, 400))
def test_every_line_of_whatever_is_sent_is_somebody_or_told(content, cut):
    people, rejected = read(content)

    lines = content.split(b"\n")
    lines = lines if lines[-1] else lines[:-1]
    assert len(lines) - len(people) - len(rejected) in (0, 1)  # one of them may be a header
    assert [line for line, _, _ in rejected] == sorted({line for line, _, _ in rejected})
    for batch in batches(file=io.BytesIO(content[:cut]), size=len(content)):
        assert batch.place.digest == hashlib.sha256(content[: batch.place.bytes_read]).digest()
