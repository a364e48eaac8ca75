"""A form that brings a large file: its fields are read first, and the file is handed on as it comes.

Django reads a whole form before anybody sees it, and writes a large file into a temporary one. The national IDs of a
nation may lie in none (docs/decisions/0014), so a screen that takes such a file is `csrf_exempt`, begins with `begin`,
and then guards what acts with `csrf_protect`: by then the fields are where the guard looks for them.
"""

import io
from typing import Any, BinaryIO, Final, cast

from django.http import HttpRequest, QueryDict
from django.utils.http import parse_header_parameters

from config.doors import Malformed

# A form of ours has some ten fields of one line each, and a browser writes two or three headers before each.
MOST_FIELDS: Final = 50
MOST_HEADERS: Final = 10
LONGEST_LINE: Final = 8_192


class File(io.RawIOBase):
    """The file of a form, not read yet.

    :ivar size: its bytes, as the form's own length says.
    """

    def __init__(self, body: "io.BufferedReader[_Body]", *, size: int, closing: bytes) -> None:
        """Stand before its first byte; `closing` is what must come after its last."""
        super().__init__()
        self.size = size
        self._body, self._left, self._closing = body, size, closing

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def readinto(self, buffer: Any, /) -> int:
        """Read the next bytes; none where the file ends, or whoever sends it was cut off.

        :raises Malformed: something else than the form's end comes after the file; its last bytes are not told.
        """
        room = memoryview(buffer)
        found = self._body.read(min(len(room), self._left))
        self._left -= len(found)
        if found and not self._left and self._body.read(len(self._closing) + 1) != self._closing:
            raise Malformed
        room[: len(found)] = found
        return len(found)


def begin(request: HttpRequest) -> File:
    """Read a form's fields into `request.POST`, and return the file that is its last part.

    :raises Malformed: it is no such form.
    """
    kind, said = parse_header_parameters(request.META.get("CONTENT_TYPE", ""))
    length = request.META.get("CONTENT_LENGTH") or ""
    if kind != "multipart/form-data" or not said.get("boundary") or not length.isdigit():
        raise Malformed
    return _Form(request, boundary=said["boundary"].encode(), length=int(length)).file()


class _Form:
    def __init__(self, request: HttpRequest, *, boundary: bytes, length: int) -> None:
        self.request, self.left = request, length
        self.boundary = b"--" + boundary
        self.body = io.BufferedReader(_Body(request))

    def file(self) -> File:
        fields = QueryDict(mutable=True)
        self._must_be(self.boundary)
        for _ in range(MOST_FIELDS):
            headers = self._headers()
            name = headers.get("name")
            if name is None:
                break
            if "filename" in headers:
                closing = b"\r\n" + self.boundary + b"--\r\n"
                self.request.POST = fields  # type: ignore[assignment]  # it is there to be read, as Django's own is
                return File(self.body, size=max(self.left - len(closing), 0), closing=closing)
            fields.appendlist(name, self._line().decode(errors="replace"))
            self._must_be(self.boundary)
        raise Malformed

    def _headers(self) -> dict[str, str]:
        """Return what the next part says of itself."""
        found: dict[str, str] = {}
        for _ in range(MOST_HEADERS):
            line = self._line().decode(errors="replace")
            if not line:
                return found
            name, _, value = line.partition(":")
            if name.lower() == "content-disposition":
                found = parse_header_parameters(value.strip())[1]
        raise Malformed

    def _line(self) -> bytes:
        line = self.body.readline(LONGEST_LINE)
        self.left -= len(line)
        if not line.endswith(b"\r\n"):
            raise Malformed
        return line[:-2]

    def _must_be(self, line: bytes) -> None:
        if self._line() != line:
            raise Malformed


class _Body(io.RawIOBase):
    """A request's body, as a file that can be read line by line; where it was cut off, it ends."""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__()
        self.request = request

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        room = memoryview(buffer)
        try:
            data = cast("BinaryIO", self.request).read(len(room))
        except OSError:
            return 0
        room[: len(data)] = data
        return len(data)
