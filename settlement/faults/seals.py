"""Sealed days against their transfers."""

from typing import Final

from settlement.seals import HASHES, TOTALS
from wallet.accounts import GUARDED
from wallet.faults import Check

GUARDED_KINDS: Final = ", ".join(str(int(kind)) for kind in sorted(GUARDED))


def of_sealed_days(sql: str) -> str:
    """Return a statement of `seals` for all sealed days at once; a check asks it only when everything is asked for."""
    days = "ANY(ARRAY(SELECT business_date FROM wallet_dayseal)) AND %(everything)s"
    return sql.replace("ANY(%(dates)s)", days).replace("%(guarded)s", f"ARRAY[{GUARDED_KINDS}]")


CHECKS: Final = (
    Check(
        name="day_totals_sum_to_zero",
        promise=1,
        says="the totals of a sealed day do not sum to zero",
        sql="""
            SELECT business_date, sum(money_in) AS money_in, sum(money_out) AS money_out FROM wallet_daytotal
             GROUP BY 1 HAVING sum(money_in) <> sum(money_out)
        """,
    ),
    Check(
        name="day_totals_are_the_transfers",
        promise=7,
        says="a sealed day's total of an account is not what its transfers sum to",
        sql=f"""
            SELECT business_date, kind, account_id, stored.money_in AS stored_in, stored.money_out AS stored_out,
                   summed.money_in, summed.money_out
              FROM (SELECT * FROM wallet_daytotal WHERE %(everything)s) stored
              FULL JOIN (
                SELECT business_date, kind, id::uuid AS account_id, money_in, money_out
                  FROM ({of_sealed_days(TOTALS)}) one
              ) summed USING (business_date, kind, account_id)
             WHERE (stored.money_in, stored.money_out) IS DISTINCT FROM (summed.money_in, summed.money_out)
        """,  # noqa: S608  a constant of ours
    ),
    Check(
        name="sealed_day_keeps_its_hash",
        promise=7,
        says="a sealed day's transfers, or the day before it, are not those that were sealed",
        sql=f"""
            SELECT seal.business_date, seal.transfers, hashed.transfers AS found FROM (
                SELECT *, lag(hash) OVER (ORDER BY business_date) AS before FROM wallet_dayseal
              ) seal LEFT JOIN ({of_sealed_days(HASHES)}) hashed USING (business_date)
             WHERE %(everything)s AND seal.hash <> sha256(
                coalesce(seal.before, decode(repeat('00', 32), 'hex')) || date_send(seal.business_date)
                || coalesce(hashed.hashes, ''::bytea))
        """,  # noqa: S608  a constant of ours
    ),
)
