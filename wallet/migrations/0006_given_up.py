"""Unused rights are given up for others."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("wallet", "0005_forfeits"),
    ]

    operations = [
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
                    ("payout_sent", "payout sent"),
                    ("payout_confirmed", "payout confirmed"),
                    ("payout_returned", "payout returned"),
                    ("payout_returned_late", "payout returned after confirmation"),
                    ("reversal", "mirror of an earlier transfer"),
                ],
                max_length=24,
            ),
        ),
    ]
