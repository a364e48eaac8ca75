"""A new citizen: the identity provider sends them here with its word, they choose a PIN, and have a wallet."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_exempt

from config import visits
from config.authentication import ANYONE
from config.screens import Screen
from config.shapes import Opaque, Pin, Shape
from wallet import identity, sign_in
from wallet.web.signing_in import browser_name


class Vouched(Shape):
    """The identity provider's statement."""

    assertion: Opaque


class PinChosen(Shape):
    """The statement again, and the PIN that they choose."""

    assertion: Opaque
    pin: Pin


# The provider's own page posts here, so there can be no token of ours in it. Nothing happens but that a name is shown.
@method_decorator(csrf_exempt, name="dispatch")
class JoinScreen(Screen):
    """Where a new citizen begins, and where the identity provider sends them back to."""

    open_to: ClassVar = ANYONE
    template = "wallet/join.html"

    def seen(self) -> Mapping[str, Any]:
        """Return where identity is proven."""
        return {"provider": settings.IDENTITY_PROVIDER_URL}

    def post(self, request: HttpRequest) -> HttpResponse:
        """Greet who was vouched for, and ask for a PIN."""
        assertion = self.form(Vouched).assertion
        person = identity.read_assertion(assertion)
        return self.show(assertion=assertion, name=person.name)


class PinChoiceScreen(Screen):
    """Where they choose it."""

    open_to: ClassVar = ANYONE
    template = "wallet/join.html"

    def seen(self) -> Mapping[str, Any]:
        """Return the statement, so that another PIN can be tried."""
        return {"provider": settings.IDENTITY_PROVIDER_URL, "assertion": self.request.POST.get("assertion", "")}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Send who reloads back to the beginning."""
        return self.to("join")

    def post(self, request: HttpRequest) -> HttpResponse:
        """Open the wallet."""
        typed = self.form(PinChosen)
        newcomer = sign_in.join(
            assertion=typed.assertion,
            pin=typed.pin,
            device_name=browser_name(request),
            device_key=None,
            at=self.at,
            now=timezone.now(),
        )
        return visits.begin(request, self.to("schemes"), signed_in=newcomer)
