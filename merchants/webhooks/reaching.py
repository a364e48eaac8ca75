"""Send to an address that a stranger gave us, and reach nothing but the internet by it.

The name is resolved once, every address that it has must be public, and the connection goes to the very address that
was looked at: a name that changes its mind in between (DNS rebinding) changes nothing. Redirects are not followed. The
answer's status is all that is read of it. Once reached, a receiver has ten seconds in all, however slowly it drips.
"""

import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, ClassVar, Final
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

from wallet.refusals import Refusal

PORTS: Final = frozenset({443, 8443})
LOOPBACK: Final = frozenset({"127.0.0.1", "localhost"})  # where the demonstration and the tests have receivers
LONGEST_URL: Final = 500
CONNECT_SECONDS: Final = 3.0
MOST_ADDRESSES: Final = 2
IN_ALL_SECONDS: Final = 10.0

# Addresses of IPv6 that carry one of IPv4 within them, by which a gateway would lead into our own house: mapped and
# compatible ones, NAT64 (RFC 6052, RFC 8215), 6to4 (RFC 3056) and Teredo (RFC 4380). No receiver needs them.
CARRIERS: Final = tuple(
    ipaddress.IPv6Network(network)
    for network in ("::/96", "::ffff:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")
)

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class WebhookAddressRefused(Refusal):
    """The address is not one of the internet that we send to: https, port 443 or 8443, no name or password in it."""

    code: ClassVar = "webhook_address_refused"
    status: ClassVar = 422


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one try: the receiver's status, or else the problem, in one word."""

    status: int | None
    problem: str = ""
    milliseconds: int = 0

    @property
    def delivered(self) -> bool:
        """Whether the receiver has said that it has it."""
        return self.status is not None and HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES


class _InOnePiece(http.client.HTTPConnection):
    """Sends a request's head and body together: many a receiver answers what it has read so far, and hangs up.

    The body that comes after would find nobody there, and the answer would be lost with it.
    """

    def __init__(self, host: str, port: int, line: socket.socket) -> None:
        """Speak over a line that leads to an address which was looked at."""
        super().__init__(host, port)
        self.sock = line
        self._request = b""

    def send(self, data: Any) -> None:
        """Keep a piece of the request."""
        self._request += data

    def getresponse(self) -> http.client.HTTPResponse:
        """Send all of it, and read the answer."""
        self.sock.sendall(self._request)
        return super().getresponse()


class _NotReached(Exception):  # noqa: N818  named after what happened
    """Why a receiver was not asked, in one word."""


def must_be_sendable(url: str) -> None:
    """Accept a URL that looks like a receiver's. Where its name leads is looked at anew each time something is sent.

    :raises WebhookAddressRefused: with the reason.
    """
    try:
        parts = _parts(url)
        literal = _literal(parts.hostname or "")
        if literal is not None:
            _must_be_public(literal)
    except _NotReached as wrong:
        raise WebhookAddressRefused(reason=str(wrong)) from None


def post(*, url: str, headers: Mapping[str, str], body: bytes) -> Outcome:
    """Send once, and return what became of it, within ten seconds and what the resolver takes."""
    begun = time.monotonic()
    try:
        status = _post(_parts(url), headers, body)
    except _NotReached as why:
        outcome: tuple[int | None, str] = (None, str(why))
    except TimeoutError:
        outcome = (None, "timeout")
    except ssl.SSLError:
        outcome = (None, "tls")
    except (OSError, http.client.HTTPException):
        # Cut by us when its time was over, or by the receiver.
        late = time.monotonic() - begun >= IN_ALL_SECONDS
        outcome = (None, "timeout" if late else "cut")
    else:
        outcome = (status, "")
    return Outcome(*outcome, milliseconds=int((time.monotonic() - begun) * 1000))


def _post(parts: SplitResult, headers: Mapping[str, str], body: bytes) -> int:
    host, port = parts.hostname or "", _port(parts)
    line = _connect(_look_up(host, port), port)
    if parts.scheme == "https":
        # Shaken hands with below, when the bell is set: that can be made to last, too.
        line = ssl.create_default_context().wrap_socket(line, server_hostname=host, do_handshake_on_connect=False)
    client = _InOnePiece(host, port, line)
    # Timeouts of a socket are for one read each; this one is for all of it.
    bell = threading.Timer(IN_ALL_SECONDS, _cut, [line])
    bell.daemon = True
    bell.start()
    try:
        if isinstance(line, ssl.SSLSocket):
            line.do_handshake()
        path = f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
        client.request("POST", path, body=body, headers={"Host": parts.netloc, **headers})
        return client.getresponse().status
    finally:
        bell.cancel()
        client.close()


def _connect(addresses: list[Address], port: int) -> socket.socket:
    """Connect to the first that answers: a host with an address of IPv6 may be reached by its other one alone."""
    *others, last = addresses[:MOST_ADDRESSES]
    for address in others:
        with suppress(OSError):
            return socket.create_connection((str(address), port), timeout=CONNECT_SECONDS)
    return socket.create_connection((str(last), port), timeout=CONNECT_SECONDS)


def _look_up(host: str, port: int) -> list[Address]:
    """Return the addresses of a host, all of which are public."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise _NotReached("name_unknown") from None
    addresses = [ipaddress.ip_address(str(each[4][0]).partition("%")[0]) for each in found]
    for address in addresses:
        _must_be_public(address)
    return addresses


def _must_be_public(address: Address) -> None:
    if settings.WEBHOOKS_TO_LOOPBACK and address.is_loopback:
        return
    carried = isinstance(address, ipaddress.IPv6Address) and (
        address.is_site_local or any(address in network for network in CARRIERS)
    )
    if carried or address.is_multicast or not address.is_global:
        raise _NotReached("address_not_public")


def _parts(url: str) -> SplitResult:
    if len(url) > LONGEST_URL or not url.isascii() or any(sign <= " " or sign == "\x7f" for sign in url):
        raise _NotReached("not_an_address")
    try:
        parts = urlsplit(url)
        port = _port(parts)
    except ValueError:
        raise _NotReached("not_an_address") from None
    if not parts.hostname:
        raise _NotReached("not_an_address")
    if parts.username is not None or parts.password is not None:
        raise _NotReached("name_in_address")
    if parts.fragment:
        raise _NotReached("not_an_address")
    at_home = settings.WEBHOOKS_TO_LOOPBACK and parts.hostname in LOOPBACK
    if parts.scheme != "https" and not (at_home and parts.scheme == "http"):
        raise _NotReached("not_https")
    if at_home:
        return parts
    if port not in PORTS:
        raise _NotReached("other_port")
    return parts


def _port(parts: SplitResult) -> int:
    return parts.port if parts.port is not None else 443 if parts.scheme == "https" else 80


def _literal(host: str) -> Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _cut(line: socket.socket) -> None:
    with suppress(OSError):  # it was over already
        line.shutdown(socket.SHUT_RDWR)
