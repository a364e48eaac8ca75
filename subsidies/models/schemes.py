"""Schemes, and the documents that were published of them."""

from django.db import models

from wallet.ids import uuid7


class Scheme(models.Model):
    """A programme. Its rules are its versions; its money is the account `fund:<scheme>`."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.SlugField(unique=True, max_length=60)
    begun_at = models.DateTimeField()


class SchemeVersion(models.Model):
    """One published document of a scheme, immutable; payments and enrolments keep the version they were made under.

    It is in force for everybody from `effective_at` until the next version's.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    scheme = models.ForeignKey(Scheme, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    document = models.TextField(help_text="TOML, exactly as it was checked and published")
    digest = models.BinaryField(max_length=32, help_text="SHA-256 of the document")
    effective_at = models.DateTimeField()
    published_at = models.DateTimeField()
    published_by = models.CharField(max_length=80)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["scheme", "number"], name="one_version_of_each_number"),
            # Also how a payment finds the version in force.
            models.UniqueConstraint(fields=["scheme", "effective_at"], name="one_version_from_each_instant"),
            models.CheckConstraint(
                condition=models.Q(effective_at__gt=models.F("published_at")),
                name="version_is_published_before_it_holds",
            ),
        )
