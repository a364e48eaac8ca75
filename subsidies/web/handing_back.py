"""Officers give what is left of a scheme that is over back to the Treasury: one asks for it, another one agrees."""

from django.http import HttpRequest, HttpResponse

from subsidies import handing_back
from subsidies.web.overviews import SchemeScreen
from subsidies.web.standstills import CodeTyped, Why


class HandBackScreen(SchemeScreen):
    """The first of two officers asks for it here, and the second one decides."""

    template = "subsidies/office_hand_back.html"

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        """Ask for it; nothing moves before another one agrees."""
        typed = self.form(Why)
        handing_back.ask(code=code, reason=typed.reason, actor=self.officer, key=typed.key, at=self.at)
        return self.to("office-scheme", code)


class HandBackAgreedScreen(HandBackScreen):
    """Where the second one agrees."""

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        """Give it back."""
        typed = self.form(CodeTyped)
        handing_back.agree(code=code, second_factor=typed.totp, actor=self.officer, key=typed.key, at=self.at)
        return self.to("office-scheme", code)


class HandBackRefusedScreen(HandBackScreen):
    """Where an officer says no, or who asked takes it back."""

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        """Leave it where it is."""
        typed = self.form(Why)
        handing_back.refuse(code=code, reason=typed.reason, actor=self.officer, key=typed.key, at=self.at)
        return self.to("office-scheme", code)
