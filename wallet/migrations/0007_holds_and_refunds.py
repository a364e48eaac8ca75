"""Holds, captures, releases and refunds move money; what they move into or out of a payable names its slice."""

from django.db import migrations, models

SLICED = ("payment", "capture", "refund")


class Migration(migrations.Migration):
    """Know four more kinds of transfer."""

    dependencies = (("wallet", "0006_given_up"),)

    operations = (
        migrations.RemoveConstraint(model_name="transfer", name="transfer_of_a_sale_names_its_slice"),
        migrations.AlterField(
            model_name="transfer",
            name="kind",
            field=models.CharField(
                choices=[
                    ("remittance", "the Treasury remits"),
                    ("funding", "scheme funded"),
                    ("grant", "purse filled"),
                    ("earned", "what spending earned"),
                    ("buy_in", "bought into a purse"),
                    ("withdrawn", "right withdrawn as own money"),
                    ("remainder", "remainder of a note"),
                    ("set_aside", "set aside to be paid back"),
                    ("paid_back", "paid back"),
                    ("forfeit", "unused right taken back"),
                    ("given_up", "unused right given up for another"),
                    ("emptied", "purse emptied at the end of its period"),
                    ("lapsed", "unused part of a period lapsed"),
                    ("ended", "right ended"),
                    ("handed_back", "unused money handed back"),
                    ("top_up", "top-up confirmed"),
                    ("stripe_payout", "Stripe pays out to us"),
                    ("stripe_fee", "Stripe's fee"),
                    ("payment", "payment"),
                    ("hold", "hold"),
                    ("capture", "capture of a hold"),
                    ("release", "release of a hold"),
                    ("refund", "refund of a payment"),
                    ("payout_sent", "payout sent"),
                    ("payout_confirmed", "payout confirmed"),
                    ("payout_returned", "payout returned"),
                    ("payout_returned_late", "payout returned after confirmation"),
                    ("reversal", "mirror of an earlier transfer"),
                ],
                max_length=24,
            ),
        ),
        migrations.AddConstraint(
            model_name="transfer",
            constraint=models.CheckConstraint(
                condition=~models.Q(kind__in=SLICED) | models.Q(part__isnull=False, channel__isnull=False),
                name="transfer_of_a_sale_names_its_slice",
            ),
        ),
    )
