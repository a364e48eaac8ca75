"""What schemes did on closed days, counted once for the reports of officers."""

from django.db import models


class ReportCell(models.Model):
    """What one scheme did on one closed day for one kind of people, at one kind of shops: a cell of every report.

    Cells are small sums of the ledger over rows that can no longer change; every report adds up the same cells, so that
    its totals foot in every direction. What happens at no shop (grants, lapses) has an empty class and province.
    Somebody is `renewed` who held a place in an earlier scheme of the same family.
    """

    business_date = models.DateField()
    scheme_id = models.UUIDField()
    tier = models.CharField(max_length=40)
    joined = models.CharField(max_length=8, help_text="renewed, or new")
    channel = models.SmallIntegerField(help_text="wallet.models.Channel; 0 where nothing was sold")
    shop_class = models.CharField(max_length=60)
    shop_province = models.CharField(max_length=60)
    person_province = models.CharField(max_length=60, help_text="empty where the enrolment does not keep it")
    payments = models.BigIntegerField()
    state = models.BigIntegerField(help_text="satang, of payments")
    own = models.BigIntegerField(help_text="satang, of the same payments")
    refunds = models.BigIntegerField()
    state_refunded = models.BigIntegerField(help_text="satang")
    own_refunded = models.BigIntegerField(help_text="satang")
    granted = models.BigIntegerField(help_text="satang out of the fund, for citizens")
    lapsed = models.BigIntegerField(help_text="satang out of purses, back to the scheme")
    bought = models.BigIntegerField(help_text="satang that citizens paid into their purses")
    withdrawn = models.BigIntegerField(help_text="satang that became citizens' own money")

    pk = models.CompositePrimaryKey(
        "scheme_id", "business_date", "tier", "joined", "channel", "shop_class", "shop_province", "person_province"
    )


class ReportDay(models.Model):
    """A closed day whose cells are all written. Written with them, so that there are never some."""

    business_date = models.DateField(primary_key=True)
    cells = models.BigIntegerField()
    at = models.DateTimeField()


class DayMoved(models.Model):
    """What moved on one closed day by one kind of act. Written with the day's cells."""

    business_date = models.DateField()
    kind = models.CharField(max_length=24, help_text="wallet.models.TransferKind")
    acts = models.BigIntegerField(help_text="how many payments, refunds, payouts …")
    amount = models.BigIntegerField(help_text="satang")
    citizen = models.BigIntegerField(help_text="satang of it that were citizens' parts of sales")
    state = models.BigIntegerField(help_text="satang of it that were the State's parts of sales")

    pk = models.CompositePrimaryKey("business_date", "kind")
