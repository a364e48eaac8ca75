"""The identity provider's own page, as a stand-in: whoever comes says who they are, and is sent back with its word.

In Thailand this is ThaID or a bank's app, which looks at a face and a card. This one believes everybody, and prefills
somebody who does not exist.
"""

import datetime as dt
import html
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Final
from urllib.parse import parse_qs

from config.demo.identity import Provider

LARGEST_FORM: Final = 10_000  # bytes
NEWCOMERS_FROM: Final = 100  # the cast has the numbers below
STOP_LOOK_SECONDS: Final = 0.02

_PAGE: Final = """<!doctype html>
<html lang="th"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>ผู้ให้บริการยืนยันตัวตน (ตัวอย่าง)</title>
<body style="font: 18px/1.6 sans-serif; max-width: 24rem; margin: 2rem auto; padding: 0 1rem">
<h1 style="font-size: 1.3rem">ยืนยันตัวตน (ตัวอย่าง) · Identity check (a stand-in)</h1>
{content}
<p><small>นี่ไม่ใช่ผู้ให้บริการจริง · Not a real provider: it believes everybody.</small>
"""
_ASK: Final = """<form method="post">
<p><label>ชื่อ · Name<br><input name="name" value="{name}" required></label>
<p><label>โทรศัพท์ · Phone<br><input name="phone" value="{phone}" required pattern="0[0-9]{{9}}"></label>
<p><label>เลขประจำตัวประชาชน · National ID<br><input name="national_id" value="{national_id}" required></label>
<p><label>วันเกิด · Born on<br><input name="born_on" type="date" value="{born_on}" required></label>
<p><label>จังหวัด · Province<br><input name="province" value="กรุงเทพมหานคร" required></label>
<p><button>นี่คือฉัน · This is me</button></form>"""
_SEND_BACK: Final = """<p>{name}
<form method="post" action="{back_to}"><input type="hidden" name="assertion" value="{assertion}">
<button>กลับไปที่ G-Wallet · Back to G-Wallet</button></form>"""


class IdentityPage:
    """The page, and where it sends people back to once that is known."""

    def __init__(self, provider: Provider) -> None:
        """Take a port of 127.0.0.1 that is free, and begin to answer."""
        self.provider, self.back_to = provider, ""
        self._numbers = count(NEWCOMERS_FROM)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}/"
        threading.Thread(target=self._server.serve_forever, args=(STOP_LOOK_SECONDS,), daemon=True).start()

    def close(self) -> None:
        """Stop answering."""
        self._server.shutdown()
        self._server.server_close()

    def ask(self) -> str:
        """Return the form, filled with somebody new."""
        from config.demo.cast import Who  # only now: what it imports holds models, which want settings

        who = Who(next(self._numbers), "", "ประชาชนใหม่")
        filled = {"name": who.name_th, "phone": who.phone, "national_id": who.national_id, "born_on": who.born_on}
        return _PAGE.format(content=_ASK.format(**filled))

    def answer(self, said: dict[str, str]) -> str:
        """Return the page that sends somebody back with our word."""
        assertion = self.provider.vouch(
            national_id=said["national_id"],
            name=said["name"],
            phone=said["phone"],
            born_on=dt.date.fromisoformat(said["born_on"]),
            facts={"nationality": "TH", "province": said["province"]},
            at=dt.datetime.now(dt.UTC),
        )
        back = _SEND_BACK.format(name=html.escape(said["name"]), back_to=self.back_to, assertion=assertion)
        return _PAGE.format(content=back)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        page = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._send(200 if self.path == "/" else 404, page.ask() if self.path == "/" else "")

            def do_POST(self) -> None:
                body = self.rfile.read(min(int(self.headers.get("Content-Length", 0)), LARGEST_FORM)).decode()
                try:
                    self._send(200, page.answer({name: said[0] for name, said in parse_qs(body).items()}))
                except (KeyError, ValueError):
                    self._send(400, _PAGE.format(content='<p><a href="/">ลองใหม่ · Again</a>'))

            def _send(self, status: int, content: str) -> None:
                self.send_response(status)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(content.encode())))
                self.end_headers()
                self.wfile.write(content.encode())

            def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002  the library's name
                pass

        return Handler
