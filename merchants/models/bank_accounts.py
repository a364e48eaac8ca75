"""Where a shop wants its money: each change, who asked for it, and what was decided."""

from django.db import models
from django.db.models import Q

from merchants.models.shops import Merchant, Staff
from wallet.ids import uuid7
from wallet.models import Officer


class BankAccountChange(models.Model):
    """An owner asks for another bank account. It cools off, one officer vouches for it and another approves it.

    Until then the old one is paid.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="bank_account_changes")
    bank_code = models.CharField(max_length=11, help_text="BIC")
    bank_account_sealed = models.BinaryField()
    asked_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    cooled_at = models.DateTimeField(help_text="from when an officer may approve it")
    vouched_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    vouched_at = models.DateTimeField(null=True)
    vouched_for = models.CharField(max_length=300, blank=True, help_text="how they know that it is the shop's own")
    withdrawn_at = models.DateTimeField(null=True, help_text="by one of the shop's owners")
    approved = models.BooleanField(null=True)
    reason = models.CharField(max_length=300, blank=True, help_text="why it was rejected")
    officer = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["merchant"],
                condition=Q(decided_at__isnull=True, withdrawn_at__isnull=True),
                name="one_open_bank_account_change",
            ),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, approved__isnull=True, officer__isnull=True)
                | Q(decided_at__isnull=False, approved__isnull=False, officer__isnull=False),
                name="bank_account_change_decided_by_an_officer",
            ),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True) | Q(withdrawn_at__isnull=True),
                name="bank_account_change_ends_one_way",
            ),
            models.CheckConstraint(
                condition=~Q(approved=True) | Q(decided_at__gte=models.F("cooled_at")),
                name="bank_account_change_cools_off",
            ),
            models.CheckConstraint(
                condition=Q(vouched_by__isnull=True, vouched_at__isnull=True, vouched_for="")
                | (Q(vouched_by__isnull=False, vouched_at__isnull=False) & ~Q(vouched_for="")),
                name="bank_account_change_vouched_for_with_words",
            ),
            models.CheckConstraint(
                condition=~Q(approved=True) | (Q(vouched_by__isnull=False) & ~Q(vouched_by=models.F("officer"))),
                name="bank_account_change_takes_two_officers",
            ),
        )
