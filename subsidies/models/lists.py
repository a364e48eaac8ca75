"""Lists of people that schemes ask about: who is on them is kept as keyed blind indexes of their national IDs."""

from django.db import models
from django.db.models import F, Q

from wallet.ids import uuid7
from wallet.models import Officer


class PeopleList(models.Model):
    """A list of people as its source knew it at the end of one day: tax filers, welfare-card holders, insured persons.

    While its file is read, the numbers of this row grow batch by batch: they are the progress, and the place at which
    a reading that was killed goes on. Once it has ended the row stays as it is.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.CharField(max_length=40, help_text="as scheme documents name it")
    as_of = models.DateField(help_text="the day whose end it tells of")
    source = models.CharField(max_length=200, help_text="who gave it, and by which letter")
    made_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    size = models.BigIntegerField(help_text="bytes of the file")
    bytes_read = models.BigIntegerField(default=0)
    digest = models.BinaryField(max_length=32, help_text="SHA-256 of the bytes read so far; at the end, the file's")
    lines = models.BigIntegerField(default=0, help_text="read so far, a header included")
    people = models.BigIntegerField(default=0, help_text="taken in so far")
    rejected = models.BigIntegerField(default=0, help_text="lines that hold nobody new")
    ended_at = models.DateTimeField(null=True, help_text="when the whole file had been read, or was given up")
    stopped_why = models.CharField(max_length=20, blank=True, help_text="why it was given up")

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(people__gte=0, rejected__gte=0), name="list_counts_people"),
            models.CheckConstraint(
                condition=Q(lines__gte=F("people") + F("rejected")), name="list_counts_each_line_once"
            ),
            models.CheckConstraint(condition=Q(bytes_read__lte=F("size")), name="list_reads_no_more_than_its_file"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | ~Q(stopped_why="") | Q(bytes_read=F("size")),
                name="list_ends_with_its_file",
            ),
            # The other end of `approval_is_on_the_list`, a foreign key of two columns.
            models.UniqueConstraint(fields=["id", "made_by"], name="one_maker_of_a_list"),
        )

    @property
    def bytes_left(self) -> int:
        """What of its file has not been read yet."""
        return self.size - self.bytes_read


class ListMember(models.Model):
    """Somebody is on a list. Nothing else of them is kept, and without the key nobody can tell who it is."""

    person_index = models.BinaryField(max_length=32, help_text="as wallet_person.national_id_index")
    list_id = models.UUIDField()

    # The person first: what is asked at an enrolment is on which lists one person is.
    pk = models.CompositePrimaryKey("person_index", "list_id")


class ListRejection(models.Model):
    """A line of a list's file that was not taken in, and what is wrong with it."""

    list_id = models.UUIDField()
    line = models.BigIntegerField(help_text="from 1, as an editor counts")
    why = models.CharField(max_length=20)
    masked = models.CharField(max_length=20, help_text="its last four digits, to find it by")

    pk = models.CompositePrimaryKey("list_id", "line")


class ListApproval(models.Model):
    """The second officer's word: from now on schemes judge by this list. Who makes never approves."""

    list = models.OneToOneField(PeopleList, models.PROTECT, primary_key=True, related_name="approval")
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    made_by = models.UUIDField(help_text="the list's officer")
    seen = models.BinaryField(max_length=32, help_text="SHA-256 of the file whose counts the officer was shown")
    people = models.BigIntegerField(help_text="on the list, as the officer was shown")
    at = models.DateTimeField()

    class Meta:
        constraints = (models.CheckConstraint(condition=~Q(made_by=F("officer")), name="list_approver_never_made_it"),)
