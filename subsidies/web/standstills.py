"""Officers hold a scheme back: one suspends it, another lets it go on, two of them stop it for good."""

from django.http import HttpRequest, HttpResponse

from config.shapes import Reason, Shape, Totp, TypedKey
from subsidies import stops
from subsidies.web.overviews import SchemeScreen


class Why(Shape):
    """Why."""

    reason: Reason
    key: TypedKey


class CodeTyped(Shape):
    """A code made now."""

    totp: Totp
    key: TypedKey


class WhyAndCode(Shape):
    """Why, and a code made now."""

    reason: Reason
    totp: Totp
    key: TypedKey


class SuspensionScreen(SchemeScreen):
    """The brake, which one officer may pull."""

    template = "subsidies/office_suspension.html"

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        """Suspend it at once."""
        typed = self.form(Why)
        stops.suspend(code=code, reason=typed.reason, actor=self.officer, at=self.at, key=typed.key)
        return self.to("office-scheme", code)


class RestorationScreen(SchemeScreen):
    """Letting go of it, which takes another one."""

    template = "subsidies/office_restoration.html"

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        """Let it go on."""
        typed = self.form(WhyAndCode)
        stops.restore(
            code=code,
            reason=typed.reason,
            second_factor=typed.totp,
            actor=self.officer,
            at=self.at,
            key=typed.key,
        )
        return self.to("office-scheme", code)


class StopScreen(SchemeScreen):
    """An end for good: the first of two officers asks for it here, and the second one decides."""

    template = "subsidies/office_stop.html"

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        """Ask for it; nothing ends before another one agrees."""
        typed = self.form(Why)
        stops.ask_to_stop(code=code, reason=typed.reason, actor=self.officer, at=self.at, key=typed.key)
        return self.to("office-scheme", code)


class StopAgreedScreen(StopScreen):
    """Where the second one agrees."""

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        """Stop it for good."""
        typed = self.form(CodeTyped)
        stops.stop(code=code, second_factor=typed.totp, actor=self.officer, at=self.at, key=typed.key)
        return self.to("office-scheme", code)


class StopRefusedScreen(StopScreen):
    """Where an officer says no, or who asked takes it back."""

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        """Let it go on."""
        typed = self.form(Why)
        stops.refuse_to_stop(code=code, reason=typed.reason, actor=self.officer, at=self.at, key=typed.key)
        return self.to("office-scheme", code)
