"""A form with a large file: its fields first, then the file as it comes, and nothing that is no such form."""

import pytest
from django.http import HttpRequest
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from config import uploads
from config.doors import Malformed

BOUNDARY = "----WebKitFormBoundaryABC"
FIELD = '--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
FILE = (
    '--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="รายชื่อ.csv"\r\n'
    "Content-Type: text/csv\r\n\r\n"
)


def form(content: bytes, *, end: bytes = f"\r\n--{BOUNDARY}--\r\n".encode(), **fields: str) -> bytes:
    """Return a form as a browser sends it."""
    said = "".join(FIELD.format(boundary=BOUNDARY, name=name, value=value) for name, value in fields.items())
    return (said + FILE.format(boundary=BOUNDARY)).encode() + content + end


def sent(body: bytes, *, announced: int | None = None, kind: str = "multipart/form-data") -> HttpRequest:
    request = RequestFactory().generic("POST", "/", body, content_type=f"{kind}; boundary={BOUNDARY}")
    if announced is not None:
        request.META["CONTENT_LENGTH"] = str(announced)
    return request


@given(st.binary(max_size=300), st.integers(1, 100))
def test_the_fields_are_read_and_the_file_comes_byte_for_byte(content: bytes, at_once: int) -> None:
    request = sent(form(content, code="tax-filers-2567", source="กรมสรรพากร"))
    file = uploads.begin(request)
    assert request.POST.dict() == {"code": "tax-filers-2567", "source": "กรมสรรพากร"}
    assert file.size == len(content)
    assert b"".join(iter(lambda: file.read(at_once), b"")) == content


def test_a_file_that_was_cut_off_ends_where_it_was_cut() -> None:
    whole = form(b"1" * 5_000, code="a")
    file = uploads.begin(sent(whole[:-1_000], announced=len(whole)))
    read = file.read()
    assert file.size == 5_000
    assert read == b"1" * (5_000 - 1_000 + len(f"\r\n--{BOUNDARY}--\r\n"))


@pytest.mark.parametrize(
    "end",
    [
        f"\r\n--{BOUNDARY}--".encode() + b"  ",
        f"\r\n--{BOUNDARY}--".encode(),
    ],
)
def test_the_end_of_a_file_is_not_believed_unless_the_form_ends_there(end: bytes) -> None:
    file = uploads.begin(sent(form(b"1101700200000\n", end=end)))
    with pytest.raises(Malformed):
        file.read()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\r\n",
        f"--{BOUNDARY}\r\n\r\n".encode(),
        f"--{BOUNDARY}--\r\n".encode(),
        FIELD.format(boundary=BOUNDARY, name="code", value="a\r\nb").encode(),
        FIELD.format(boundary=BOUNDARY, name="code", value="a").encode() * 60,
        f"--{BOUNDARY}\r\n".encode() + b"X-Padding: 1\r\n" * 20,
        f"--{BOUNDARY}\r\nContent-Disposition: form-data; name=".encode() + b"a" * 10_000,
    ],
)
def test_what_is_no_such_form_is_refused(body: bytes) -> None:
    with pytest.raises(Malformed):
        uploads.begin(sent(body))


def test_a_form_of_another_kind_or_of_no_length_is_refused() -> None:
    with pytest.raises(Malformed):
        uploads.begin(sent(form(b"1"), kind="application/x-www-form-urlencoded"))
    request = sent(form(b"1"))
    request.META["CONTENT_LENGTH"] = "many"
    with pytest.raises(Malformed):
        uploads.begin(request)
