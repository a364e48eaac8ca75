"""What operators may look at on this floor. Whatever happened is read-only; of people only their ids are shown."""

from typing import Any, ClassVar, Final, cast
from uuid import UUID

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import BinaryField, Model, Q, QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.functional import cached_property

from config import words
from wallet import clock, inspection, officers
from wallet.audit import Actor
from wallet.models import (
    AuditEntry,
    BusinessDay,
    Citizen,
    DaySeal,
    Device,
    Officer,
    RefusalRecord,
    StripeEvent,
    TopUp,
    Transfer,
)
from wallet.refusals import Refusal

# Nobody pages through more than this; counting all rows of a nation would take minutes.
MOST_ROWS: Final = 5_000


class Bounded(Paginator):  # type: ignore[type-arg]  # Django cannot be asked for it at run time
    """Pages of a list that is not counted to its end."""

    @cached_property
    def count(self) -> int:
        """How many rows there are, or `MOST_ROWS` when there are more."""
        return len(cast("QuerySet[Any]", self.object_list)[:MOST_ROWS].values_list("pk"))


class ReadOnly(admin.ModelAdmin):  # type: ignore[type-arg]  # likewise
    """Rows to look at. Nobody adds, changes or deletes one here, a superuser neither.

    :cvar found_by: ids by which a row is found; the search box takes one of them, whole.
    :cvar hidden: fields that are not for operators' eyes, beside everything binary: digests, keys and what is sealed.
    """

    found_by: ClassVar[tuple[str, ...]] = ("id",)
    hidden: ClassVar[tuple[str, ...]] = ()
    actions = None
    list_per_page = 50
    list_max_show_all = 50
    show_full_result_count = False
    paginator = Bounded

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody adds."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody changes."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody deletes."""
        return False

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        """Show every field but the hidden ones."""
        every = [field for field in self.model._meta.concrete_fields if not isinstance(field, BinaryField)]  # noqa: SLF001
        return [field.name for field in every if field.name not in self.hidden]

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        """Show them as text."""
        return self.get_fields(request, obj)

    def get_search_fields(self, request: HttpRequest) -> tuple[str, ...]:
        """Show a search box."""
        return self.found_by

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Find rows by a whole id; anything else finds nothing."""
        if not search_term:
            return queryset, False
        try:
            wanted = UUID(search_term.strip())
        except ValueError:
            return queryset.none(), False
        found = Q()
        for field in self.found_by:
            found |= Q(**{field: wanted})
        return queryset.filter(found), False


class Sharded(ReadOnly):
    """Rows of a table that is as large as the nation, and is found by its owner alone.

    Without an owner's id nothing is listed, and no row is opened by itself: either would read the whole table.
    """

    list_display_links = None

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """List nothing until an id is given."""
        found, distinct = super().get_search_results(request, queryset, search_term)
        return (found if search_term else queryset.none()), distinct

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> None:
        """Open no row."""
        return


class Why(forms.Form):
    """Why an operator looks at a person."""

    reason = forms.CharField(max_length=inspection.LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 3}))


@admin.register(Citizen)
class CitizenAdmin(ReadOnly):
    """Citizens by their ids. Who they are is behind a door that asks why."""

    list_display = ("id", "joined_at")
    ordering = ("-id",)
    change_form_template = "admin/wallet/citizen/citizen.html"

    def get_urls(self) -> list[URLPattern]:
        """Add the door to a person."""
        door = path("<uuid:citizen_id>/person/", self.admin_site.admin_view(self.person), name="wallet_citizen_person")
        return [door, *super().get_urls()]

    def person(self, request: HttpRequest, citizen_id: UUID) -> HttpResponseBase:
        """Ask why, keep it, and show the person this once."""
        if not request.user.has_perm("wallet.view_person"):
            raise PermissionDenied
        why, profile, refusal = Why(request.POST or None), None, ""
        if request.method == "POST" and why.is_valid():
            actor = Actor("operator", request.user.get_username())
            try:
                profile = inspection.look(
                    citizen_id=citizen_id, reason=why.cleaned_data["reason"], actor=actor, at=clock.now()
                )
            except Refusal as no:
                refusal = words.worded(code=no.code, facts=no.facts)[0]
        shown = {
            **self.admin_site.each_context(request),
            "title": str(citizen_id),
            "why": why,
            "profile": profile,
            "refusal": refusal,
        }
        return TemplateResponse(request, "admin/wallet/citizen/person.html", shown)


@admin.register(Device)
class DeviceAdmin(ReadOnly):
    """Phones."""

    found_by = ("id", "citizen_id")
    hidden = ("name",)  # people give their phones their own names
    list_display = ("id", "citizen_id", "added_at", "revoked_at", "wrong_pins", "locked_until")
    ordering = ("-id",)


@admin.register(TopUp)
class TopUpAdmin(ReadOnly):
    """Money on its way in."""

    found_by = ("id", "citizen_id")
    list_display = ("id", "citizen_id", "amount", "asked_at", "confirmed_at", "ended_at", "ended_why")
    ordering = ("-id",)


@admin.register(Transfer)
class TransferAdmin(Sharded):
    """Transfers of one owner: a citizen, a merchant or a scheme."""

    found_by = ("owner_id",)
    list_display = ("id", "kind", "from_kind", "to_kind", "amount", "cause", "business_date", "occurred_at")
    ordering = ("-id",)


@admin.register(RefusalRecord)
class RefusalRecordAdmin(Sharded):
    """Why one citizen was refused."""

    found_by = ("citizen_id",)
    list_display = ("at", "code", "charge_id", "facts")
    ordering = ("-at",)


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnly):
    """Who did what, newest first."""

    found_by = ("id", "subject_id")
    list_display = ("at", "actor_kind", "actor_id", "act", "subject_id", "facts")
    ordering = ("-id",)


@admin.register(StripeEvent)
class StripeEventAdmin(ReadOnly):
    """What Stripe told us."""

    found_by = ()
    list_display = ("id", "type", "intent_id", "received_at", "handled_at")
    ordering = ("-id",)


@admin.register(BusinessDay)
class BusinessDayAdmin(ReadOnly):
    """Days of the books."""

    found_by = ()
    list_display = ("business_date", "opened_at", "closed_at")
    ordering = ("-business_date",)


@admin.register(DaySeal)
class DaySealAdmin(ReadOnly):
    """Sealed days."""

    found_by = ()
    list_display = ("business_date", "transfers", "sealed_at")
    ordering = ("-business_date",)


@admin.register(Officer)
class OfficerAdmin(ReadOnly):
    """Finance officers. One is appointed here, and leaves by being made inactive as a user."""

    found_by = ()
    list_display = ("id", "user")
    list_select_related = ("user",)
    ordering = ("-id",)

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Let who may, appoint."""
        return request.user.has_perm("wallet.add_officer")

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        """Ask for the user alone."""
        return ["user"] if obj is None else super().get_fields(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        """Leave the user to be chosen."""
        return [] if obj is None else super().get_readonly_fields(request, obj)

    def save_model(self, request: HttpRequest, obj: Officer, form: Any, change: bool) -> None:  # noqa: FBT001  Django's
        """Appoint the officer."""
        actor = Actor("operator", request.user.get_username())
        officers.appoint(officer=obj, actor=actor, at=clock.now())
