"""A stranger's URL reaches the internet and nothing of ours: no inner address, by whatever way it is written."""

import datetime as dt
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from merchants.webhooks import reaching
from merchants.webhooks.reaching import WebhookAddressRefused
from tests.postbox import postbox

INNER = [
    "0.0.0.0",  # noqa: S104  refused, not bound
    "10.0.0.1",
    "100.64.0.1",
    "127.0.0.1",
    "127.8.8.8",
    "169.254.169.254",
    "172.16.0.1",
    "192.0.2.1",
    "192.168.1.1",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::8.8.8.8",
    "64:ff9b:1::1",
    "2001::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "fc00::1",
    "fd12:3456::1",
    "fe80::1",
    "fec0::1",
    "ff02::1",
]
PUBLIC = ["8.8.8.8", "203.150.1.1", "2606:4700:4700::1111", "2400:cb00::1"]


def host(address: str) -> str:
    return f"[{address}]" if ":" in address else address


@pytest.mark.parametrize("address", INNER)
def test_an_inner_address_is_refused(address: str) -> None:
    with pytest.raises(WebhookAddressRefused) as refused:
        reaching.must_be_sendable(f"https://{host(address)}/hook")
    assert refused.value.facts == {"reason": "address_not_public"}


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is_taken(address: str) -> None:
    reaching.must_be_sendable(f"https://{host(address)}/hook")


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://shop.example/", "not_https"),
        ("ftp://shop.example/", "not_https"),
        ("file:///etc/passwd", "not_an_address"),
        ("gopher://shop.example:443/", "not_https"),
        ("https://shop.example:22/", "other_port"),
        ("https://shop.example:6379/", "other_port"),
        ("https://shop.example:99999/", "not_an_address"),
        ("https://malee:secret@shop.example/", "name_in_address"),
        ("https://shop.example@127.0.0.1/", "name_in_address"),
        ("https://shop.example/#fragment", "not_an_address"),
        ("https:///hook", "not_an_address"),
        ("https://[::1/", "not_an_address"),
        ("https://shop.example/\r\nX-Other: 1", "not_an_address"),
        ("https://shop.example/ hook", "not_an_address"),
        ("https://ร้าน.example/", "not_an_address"),
        ("https://shop.example/" + "a" * 500, "not_an_address"),
        ("shop.example", "not_an_address"),
        ("", "not_an_address"),
    ],
)
def test_what_is_no_address_of_a_receiver_is_refused(url: str, reason: str) -> None:
    with pytest.raises(WebhookAddressRefused) as refused:
        reaching.must_be_sendable(url)
    assert refused.value.facts["reason"] == reason


@pytest.mark.parametrize(
    "url",
    ["https://shop.example/hook?a=1", "https://shop.example:8443/", "https://shop.example:443", "https://a.b/%E0"],
)
def test_an_address_of_a_receiver_is_taken(url: str) -> None:
    reaching.must_be_sendable(url)


@pytest.mark.parametrize("written", ["2130706433", "0x7f.1", "0177.0.0.1", "127.1", "localhost"])
def test_other_ways_to_write_this_machine_lead_nowhere(written: str) -> None:
    assert reaching.post(url=f"https://{written}/", headers={}, body=b"{}").problem == "address_not_public"


@pytest.fixture
def resolves(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """Return a way to say what a name resolves to, answer by answer; returns the names that were asked for."""

    def say(*answers: list[str]) -> list[str]:
        asked: list[str] = []

        def getaddrinfo(name: str, port: int, *_: Any, **__: Any) -> list[Any]:
            if name.replace(".", "").isdigit():
                return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (name, port))]
            asked.append(name)
            found = answers[min(len(asked), len(answers)) - 1]
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]

        monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
        return asked

    return say


@pytest.mark.parametrize("addresses", [["10.0.0.1"], ["8.8.8.8", "10.0.0.1"], ["8.8.8.8", "::1"], ["fe80::1%eth0"]])
def test_a_name_one_of_whose_addresses_is_inner_is_not_reached(
    resolves: Callable[..., list[str]], addresses: list[str]
) -> None:
    resolves(addresses)
    assert reaching.post(url="https://shop.example/", headers={}, body=b"").problem == "address_not_public"


def test_a_name_that_changes_its_mind_is_asked_once_and_reached_where_it_first_said(
    resolves: Callable[..., list[str]], settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = resolves(["203.150.1.1"], ["127.0.0.1"])
    reached: list[Any] = []

    def connect(address: Any, *_: Any, **__: Any) -> None:
        reached.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", connect)
    assert reaching.post(url="https://shop.example/", headers={}, body=b"").problem == "cut"
    assert (asked, reached) == (["shop.example"], [("203.150.1.1", 443)])


def test_a_redirect_is_not_followed(settings: Any) -> None:
    settings.WEBHOOKS_TO_LOOPBACK = True
    with postbox() as first:
        first.answers[:] = [307]
        outcome = reaching.post(url=first.url, headers={}, body=b"{}")
        assert (outcome.status, outcome.delivered, len(first.letters)) == (307, False, 1)


def test_a_demonstration_may_send_to_its_own_machine_and_nowhere_else_within(settings: Any) -> None:
    settings.WEBHOOKS_TO_LOOPBACK = True
    reaching.must_be_sendable("http://127.0.0.1:8000/")
    for url in ("http://10.0.0.1/", "http://shop.example/", "https://10.0.0.1/", "ftp://127.0.0.1/"):
        with pytest.raises(WebhookAddressRefused):
            reaching.must_be_sendable(url)


def test_a_receiver_that_drips_is_cut_off_in_time(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.WEBHOOKS_TO_LOOPBACK = True
    monkeypatch.setattr(reaching, "IN_ALL_SECONDS", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as server:

        def drip() -> None:
            line, _ = server.accept()
            with line:
                try:
                    while True:
                        line.sendall(b"H")
                        time.sleep(0.05)
                except OSError:
                    pass  # cut off

        threading.Thread(target=drip, daemon=True).start()
        begun = time.monotonic()
        outcome = reaching.post(url=f"http://127.0.0.1:{server.getsockname()[1]}/", headers={}, body=b"{}")
    assert (outcome.status, outcome.problem) == (None, "timeout")
    assert time.monotonic() - begun < 3


def test_a_receiver_that_answers_what_it_has_read_at_once_and_hangs_up_has_read_all_of_it(settings: Any) -> None:
    settings.WEBHOOKS_TO_LOOPBACK = True
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            for _ in range(20):
                line, _ = server.accept()
                with line:
                    heard.append(line.recv(65_536))
                    line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")

        answering = threading.Thread(target=answer)
        answering.start()
        url = f"http://127.0.0.1:{server.getsockname()[1]}/"
        outcomes = [reaching.post(url=url, headers={"a": "b"}, body=b'{"type": "payment.paid"}') for _ in range(20)]
        answering.join(10)
    assert {(outcome.status, outcome.problem) for outcome in outcomes} == {(200, "")}
    assert {request.partition(b"\r\n\r\n")[2] for request in heard} == {b'{"type": "payment.paid"}'}


def test_nobody_there_and_a_name_that_nobody_knows_are_told_apart(settings: Any) -> None:
    settings.WEBHOOKS_TO_LOOPBACK = True
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    assert reaching.post(url=f"http://127.0.0.1:{port}/", headers={}, body=b"").problem == "cut"
    assert reaching.post(url="https://shop.invalid/", headers={}, body=b"").problem == "name_unknown"


# TLS


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the certificate and key of a receiver called `localhost`, which this process trusts."""
    key, name = Ed25519PrivateKey.generate(), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "receiver")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, None)
    )
    file = tmp_path / "receiver.pem"
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(made.public_bytes(Encoding.PEM) + secret)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    return file


@pytest.fixture
def receiver(certificate: Path, settings: Any) -> Iterator[int]:
    """Return the port of a receiver that speaks TLS and says 200."""
    settings.WEBHOOKS_TO_LOOPBACK = True
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(10)

        def answer() -> None:
            try:
                line, _ = server.accept()
                with line, context.wrap_socket(line, server_side=True) as secret:
                    secret.recv(65_536)
                    secret.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            except OSError:
                pass  # the caller did not like the certificate

        answering = threading.Thread(target=answer)
        answering.start()
        yield server.getsockname()[1]
        answering.join(10)


def test_over_tls_the_receivers_name_must_be_in_its_certificate(receiver: int) -> None:
    outcome = reaching.post(url=f"https://localhost:{receiver}/hook", headers={"a": "b"}, body=b"{}")
    assert (outcome.status, outcome.problem) == (200, "")


def test_a_certificate_for_another_name_is_not_believed(receiver: int) -> None:
    assert reaching.post(url=f"https://127.0.0.1:{receiver}/hook", headers={}, body=b"{}").problem == "tls"


def test_a_certificate_of_nobody_we_trust_is_not_believed(receiver: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    assert reaching.post(url=f"https://localhost:{receiver}/hook", headers={}, body=b"{}").problem == "tls"
