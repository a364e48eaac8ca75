"""Documents on their way to being published: what an officer wrote, what was submitted, and what another one said."""

import re
from typing import Final

from django.db import models
from django.db.models import F, Q

from subsidies.models.schemes import SchemeVersion
from wallet.ids import uuid7
from wallet.models import Officer

CODE: Final = re.compile(r'^\s*code\s*=\s*"([^"]{1,60})"', re.MULTILINE)
NUMBER: Final = re.compile(r"^\s*version\s*=\s*([0-9]{1,9})", re.MULTILINE)


class Draft(models.Model):
    """A document that one officer is writing. It may be wrong in every line; only a submission must be sound."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    document = models.TextField(help_text="TOML")
    begun_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = (
            # The other end of `submission_is_of_its_author`, a foreign key of two columns (in the migration).
            models.UniqueConstraint(fields=["id", "officer"], name="one_author"),
        )

    @property
    def title(self) -> str:
        """The scheme and the version that it says it is, as far as a glance tells: it may be half written."""
        found = CODE.search(self.document), NUMBER.search(self.document)
        return " ".join(match[1] for match in found if match)


class Submission(models.Model):
    """An officer's word: this text, byte for byte, may be published. Holds only while the draft still says it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    draft = models.ForeignKey(Draft, models.PROTECT, related_name="submissions")
    drafted_by = models.UUIDField(help_text="the draft's officer")
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    document = models.TextField(help_text="TOML, as it was submitted")
    seen = models.BinaryField(max_length=32, help_text="SHA-256 of the document that the officer was shown")
    at = models.DateTimeField()

    class Meta:
        constraints = (
            # The other end of `verdict_is_on_the_submission`.
            models.UniqueConstraint(fields=["id", "drafted_by", "officer"], name="one_text_of_two_officers"),
        )


class Verdict(models.Model):
    """The one end of a submission: published, or rejected.

    Who drafted or submitted never approves: this row holds all three, and the database compares them.
    """

    submission = models.OneToOneField(Submission, models.PROTECT, primary_key=True, related_name="verdict")
    version = models.OneToOneField(
        SchemeVersion, models.PROTECT, null=True, related_name="verdict", help_text="what it became; null: rejected"
    )
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    drafted_by = models.UUIDField(help_text="the submission's")
    submitted_by = models.UUIDField(help_text="the submission's officer")
    seen = models.BinaryField(max_length=32, null=True, help_text="SHA-256 of the document that the officer was shown")
    reason = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(version__isnull=True)
                | Q(seen__isnull=False) & ~Q(drafted_by=F("officer")) & ~Q(submitted_by=F("officer")),
                name="approver_never_drafted_nor_submitted",
            ),
        )
