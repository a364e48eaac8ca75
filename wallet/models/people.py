"""Who a citizen or an officer is, and what proves it."""

from django.conf import settings
from django.db import models

from wallet.ids import uuid7


class Citizen(models.Model):
    """One person. This narrow row is the mutex of all that is theirs: money, purses, holds, attempts."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    joined_at = models.DateTimeField()


class Person(models.Model):
    """What is known about a citizen: encrypted, found only by keyed blind index, apart from the mutex row."""

    citizen = models.OneToOneField(Citizen, models.PROTECT, primary_key=True, related_name="person")
    national_id_index = models.BinaryField(unique=True, max_length=32)
    phone_index = models.BinaryField(unique=True, max_length=32)
    sealed = models.BinaryField(help_text="name, national id, phone, date of birth, address: AES-GCM, key by version")


class Device(models.Model):
    """A phone that a citizen signed in from. It may hold a P-256 key that signs terms in place of the PIN."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    citizen = models.ForeignKey(Citizen, models.PROTECT, related_name="devices")
    name = models.CharField(max_length=60)
    public_key = models.BinaryField(null=True, help_text="SubjectPublicKeyInfo, DER")
    added_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    wrong_pins = models.PositiveSmallIntegerField(default=0, help_text="from this device, until forgotten")
    wrong_at = models.DateTimeField(null=True, help_text="the last wrong one")
    locked_until = models.DateTimeField(null=True)


class Pin(models.Model):
    """A citizen's PIN as banks keep it: a keyed MAC whose key is not in the database."""

    citizen = models.OneToOneField(Citizen, models.PROTECT, primary_key=True, related_name="pin")
    version = models.PositiveIntegerField(default=1, help_text="rises with each change of PIN")
    key_version = models.PositiveSmallIntegerField()
    mac = models.BinaryField(max_length=32)
    set_at = models.DateTimeField()
    # Guesses from devices that the citizen never used share this count, so that they cannot lock a known device.
    wrong_elsewhere = models.PositiveSmallIntegerField(default=0)
    wrong_elsewhere_at = models.DateTimeField(null=True)
    locked_elsewhere_until = models.DateTimeField(null=True)


class AddressAttempts(models.Model):
    """Wrong sign-ins from one network address within one window, over all citizens: stops PIN spraying."""

    address_index = models.BinaryField(max_length=32)
    window_starts_at = models.DateTimeField()
    wrong = models.PositiveIntegerField()

    pk = models.CompositePrimaryKey("address_index", "window_starts_at")


class RefreshToken(models.Model):
    """A rotating refresh token: each use ends it and begins the next of its family."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    family_id = models.UUIDField(db_index=True)
    digest = models.BinaryField(max_length=32, unique=True)
    role = models.CharField(max_length=12)
    subject_id = models.UUIDField(help_text="citizen, or the staff member's person id")
    claims = models.JSONField(default=dict)
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)


class Officer(models.Model):
    """A finance officer: a Django user with a second factor (django-otp) and an id that the books can name."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.PROTECT, related_name="officer")
