"""Fill the database with a nation: citizens who have joined, topped up and enrolled; stalls; a day of payments.

Set-based SQL below the application, as the superuser and without triggers: what takes the service an hour is there in
minutes. It is written so that the books balance, and after every filling `check_books` is asked whether they do.
"""

import datetime as dt
import hmac
from collections.abc import Iterator
from contextlib import closing, contextmanager
from io import StringIO
from typing import Any, Final

import psycopg2
from django.conf import settings

from bench.names import Named, id_of
from subsidies.models import SchemeVersion
from wallet import privacy
from wallet.money import Satang

PIN: Final = "246813"
TOPPED_UP: Final[Satang] = 5_000_00
GRANTED: Final[Satang] = 2_000_00
STALL_FACTS: Final = '{"legal_form": "natural_person", "class": "food", "province": "Bangkok"}'

# Rows of one statement: enough that planning and parsing are nothing, and that a run that is stopped stops soon.
AT_ONCE: Final = 100_000

# HMAC-SHA-256 of the citizen's id and PIN, written out in hashes (RFC 2104), which is all that PostgreSQL has.
CITIZENS: Final = """
    INSERT INTO wallet_citizen (id, joined_at)
    SELECT bench.id_of(1, n), %(at)s FROM generate_series(%(first)s, %(last)s) n;

    INSERT INTO wallet_person (citizen_id, national_id_index, phone_index, sealed)
    SELECT bench.id_of(1, n), sha256(('national id ' || n)::bytea), sha256(('phone ' || n)::bytea),
           -- As long as a sealed profile, and as hard to compress.
           sha256(('a' || n)::bytea) || sha256(('b' || n)::bytea) || sha256(('c' || n)::bytea)
           || sha256(('d' || n)::bytea) || sha256(('e' || n)::bytea) || sha256(('f' || n)::bytea)
      FROM generate_series(%(first)s, %(last)s) n;

    INSERT INTO wallet_device (id, citizen_id, name, added_at, wrong_pins)
    SELECT bench.id_of(2, n), bench.id_of(1, n), 'phone', %(at)s, 0 FROM generate_series(%(first)s, %(last)s) n;

    INSERT INTO wallet_pin (citizen_id, version, key_version, mac, set_at, wrong_elsewhere)
    SELECT bench.id_of(1, n), 1, %(key_version)s,
           sha256(%(outer)s || sha256(%(inner)s || uuid_send(bench.id_of(1, n)) || %(pin)s)), %(at)s, 0
      FROM generate_series(%(first)s, %(last)s) n;

    INSERT INTO wallet_topup (id, citizen_id, amount, asked_at, intent_id, qr_payload, back_to, page_url,
                              confirmed_at, ended_why)
    SELECT bench.id_of(5, n), bench.id_of(1, n), %(topped_up)s, %(at)s, 'pi_' || n, '', '', '', %(at)s, ''
      FROM generate_series(%(first)s, %(last)s) n;

    INSERT INTO subsidies_ticket (id, scheme_id, pool, number, citizen_id, drawn_at, waits, chosen)
    SELECT bench.id_of(4, n), (%(schemes)s::uuid[])[1 + n %% %(count)s], '', n, bench.id_of(1, n), %(at)s, false, '{}'
      FROM generate_series(%(first)s, %(last)s) n;

    -- The timetable has looked at them: nothing falls due before the scheme ends.
    INSERT INTO subsidies_enrolment (id, citizen_id, scheme_id, version_id, pool, place, tier, person, enrolled_at,
                                     next_due_at)
    SELECT bench.id_of(3, n), bench.id_of(1, n), (%(schemes)s::uuid[])[1 + n %% %(count)s],
           (%(versions)s::uuid[])[1 + n %% %(count)s], '', n, 'general', '{}', %(at)s, '2100-01-01T00:00:00+07:00'
      FROM generate_series(%(first)s, %(last)s) n;

    INSERT INTO wallet_transfer (id, owner_id, from_kind, from_id, to_kind, to_id, amount, kind, cause, scheme_id,
                                 business_date, occurred_at)
    SELECT uuidv7(%(at)s - now()), bench.id_of(1, n), 9, '00000000-0000-0000-0000-000000000000', 1, bench.id_of(1, n),
           %(topped_up)s, 'top_up', bench.id_of(5, n), NULL, %(date)s, %(at)s
      FROM generate_series(%(first)s, %(last)s) n
     UNION ALL
    SELECT uuidv7(%(at)s - now()), bench.id_of(1, n), 5, (%(schemes)s::uuid[])[1 + n %% %(count)s], 2,
           bench.id_of(3, n), %(granted)s, 'grant', bench.id_of(3, n), (%(schemes)s::uuid[])[1 + n %% %(count)s],
           %(date)s, %(at)s
      FROM generate_series(%(first)s, %(last)s) n;

    INSERT INTO wallet_balance (owner_id, kind, account_id, balance)
    SELECT bench.id_of(1, n), account.kind, account.id, account.balance
      FROM generate_series(%(first)s, %(last)s) n,
           LATERAL (VALUES (1::smallint, bench.id_of(1, n), %(topped_up)s),
                           (2::smallint, bench.id_of(3, n), %(granted)s)) account (kind, id, balance);
"""

# The same citizens in a second scheme, whose purses begin empty and are filled by the timetable.
ALSO_IN: Final = """
    INSERT INTO subsidies_ticket (id, scheme_id, pool, number, citizen_id, drawn_at, waits, chosen)
    SELECT bench.id_of(10, n), %(scheme)s, '', n, bench.id_of(1, n), %(at)s, false, '{}'
      FROM generate_series(%(first)s, %(last)s) n;

    INSERT INTO subsidies_enrolment (id, citizen_id, scheme_id, version_id, pool, place, tier, person, enrolled_at,
                                     next_due_at)
    SELECT bench.id_of(9, n), bench.id_of(1, n), %(scheme)s, %(version)s, '', n, 'general', '{}', %(at)s, %(due_at)s
      FROM generate_series(%(first)s, %(last)s) n;
"""

# Payment n of the day is citizen n's, or that of citizen n less all citizens, and so on around; merchants likewise. All
# days of the books go by on one day of the calendar, so they are small: nobody reaches a cap in four of them.
PAYMENTS: Final = """
    CREATE TEMPORARY TABLE sale ON COMMIT DROP AS
    SELECT charge, citizen, merchant, price, price / 2 AS state, price - price / 2 AS own, digest, at,
           uuidv7(at - now()) AS id,
           (date_trunc('day', at AT TIME ZONE 'Asia/Bangkok') + interval '1 day') AT TIME ZONE 'Asia/Bangkok' AS ends_at
      FROM (
        SELECT n AS charge, 1 + n %% %(citizens)s AS citizen, 1 + n %% %(merchants)s AS merchant,
               10_00 + n %% 50 * 20 AS price, sha256(('terms ' || n)::bytea) AS digest,
               %(at)s - (%(last_of_all)s - n) * (interval '10 hours' / %(count)s) AS at
          FROM generate_series(%(first)s, %(last)s) n
    ) told;

    INSERT INTO merchants_charge (id, merchant_id, till_id, amount, channel, lines, facts, merchant_facts, note,
                                  asked_at, expires_at)
    SELECT bench.id_of(8, charge), bench.id_of(6, merchant), bench.id_of(7, merchant), price, 1, '[]', '{}',
           %(stall_facts)s, '', at, at + interval '5 minutes'
      FROM sale;

    INSERT INTO merchants_payment (id, owner_id, charge_id, merchant_id, till_id, price, citizen_share, state_share,
                                   channel, shares, reasons, terms_digest, business_date, paid_at)
    SELECT sale.id, bench.id_of(1, citizen), bench.id_of(8, charge), bench.id_of(6, merchant), bench.id_of(7, merchant),
           price, own, state, 1, jsonb_build_array(jsonb_build_object(
               'enrolment', place.id, 'scheme', place.scheme_id, 'version', place.version_id, 'amount', state,
               'uses', jsonb_build_array(jsonb_build_object('cap', 'day', 'ends_at', ends_at, 'amount', state)))),
           jsonb_build_array(jsonb_build_object('code', 'rate_of_price', 'facts', jsonb_build_object(
               'scheme', scheme.code, 'amount_satang', price, 'gives_satang', state,
               'rate_bp', 5000, 'percent', '50'))),
           digest, %(date)s, at
      FROM sale JOIN subsidies_enrolment place ON place.id = bench.id_of(3, citizen)
                JOIN subsidies_scheme scheme ON scheme.id = place.scheme_id;

    INSERT INTO merchants_chargeend (charge_id, "end", owner_id, payment_id, at)
    SELECT bench.id_of(8, charge), 'paid', bench.id_of(1, citizen), id, at FROM sale;

    INSERT INTO wallet_requestkey (caller_id, key, fingerprint, outcome_id, at)
    SELECT bench.id_of(1, citizen), 'filled ' || charge, digest, id, at FROM sale;

    INSERT INTO wallet_transfer (id, owner_id, from_kind, from_id, to_kind, to_id, amount, kind, cause, scheme_id, part,
                                 channel, business_date, occurred_at)
    SELECT uuidv7(at - now()), bench.id_of(1, citizen), leg.kind, leg.account, 4, bench.id_of(6, merchant), leg.amount,
           'payment', sale.id, leg.scheme_id, leg.part, 1, %(date)s, at
      FROM sale JOIN subsidies_enrolment place ON place.id = bench.id_of(3, citizen),
           LATERAL (VALUES (1::smallint, bench.id_of(1, citizen), own, NULL::uuid, 1::smallint),
                           (2::smallint, place.id, state, place.scheme_id, 2::smallint))
                   leg (kind, account, amount, scheme_id, part);

    INSERT INTO subsidies_capuse AS use (citizen_id, ends_at, enrolment_id, cap, used)
    SELECT bench.id_of(1, citizen), ends_at, bench.id_of(3, citizen), 'day', sum(state)
      FROM sale GROUP BY citizen, ends_at
        ON CONFLICT (citizen_id, ends_at, enrolment_id, cap) DO UPDATE SET used = use.used + excluded.used;

    UPDATE wallet_balance balance SET balance = balance.balance - paid.amount
      FROM (SELECT citizen, kind, CASE kind WHEN 1 THEN sum(own) ELSE sum(state) END AS amount
              FROM sale, (VALUES (1::smallint), (2::smallint)) account (kind) GROUP BY citizen, kind) paid
     WHERE balance.owner_id = bench.id_of(1, citizen) AND balance.kind = paid.kind
       AND balance.account_id = CASE paid.kind WHEN 1 THEN bench.id_of(1, citizen) ELSE bench.id_of(3, citizen) END;

    UPDATE subsidies_enrolment place SET first_used_at = %(at)s
      FROM sale WHERE place.id = bench.id_of(3, citizen) AND place.first_used_at IS NULL;
"""


@contextmanager
def superuser(address: str) -> Iterator[Any]:
    """Yield a cursor of the superuser, whose statements commit one by one and wait for no disk and no trigger."""
    with closing(psycopg2.connect(address)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica; SET synchronous_commit = off")
            yield cursor


def citizens(
    cursor: Any, *, first: int, last: int, versions: list[SchemeVersion], date: dt.date, at: dt.datetime
) -> Iterator[int]:
    """Add citizens `first` to `last`, enrolled by turns in the schemes given; yield the last so far, as they come."""
    newest = max(settings.PIN_KEYS)
    key = settings.PIN_KEYS[newest].ljust(64, b"\0")
    values = {
        "at": at,
        "date": date,
        "key_version": newest,
        "inner": key.translate(hmac.trans_36),
        "outer": key.translate(hmac.trans_5C),
        "pin": PIN.encode(),
        "topped_up": TOPPED_UP,
        "granted": GRANTED,
        "schemes": [version.scheme_id for version in versions],
        "versions": [version.id for version in versions],
        "count": len(versions),
    }
    for begins in range(first, last + 1, AT_ONCE):
        ends = min(begins + AT_ONCE - 1, last)
        cursor.execute(CITIZENS, values | {"first": begins, "last": ends})
        yield ends


def also_in(
    cursor: Any, *, version: SchemeVersion, first: int, last: int, at: dt.datetime, due_at: dt.datetime
) -> None:
    """Enrol citizens `first` to `last` in a second scheme too, which fills their purses from `due_at` on."""
    values = {"scheme": version.scheme_id, "version": version.id, "at": at, "due_at": due_at}
    for begins in range(first, last + 1, AT_ONCE):
        cursor.execute(ALSO_IN, values | {"first": begins, "last": min(begins + AT_ONCE - 1, last)})


def merchants(cursor: Any, *, count: int, at: dt.datetime) -> None:
    """Add stalls 1 to `count`, each with one till and a bank account that can be unsealed."""
    sealed = StringIO()
    for number in range(1, count + 1):
        merchant_id = id_of(Named.MERCHANT, number)
        account = privacy.seal({"account": f"{number:010d}"}, subject_id=merchant_id)
        sealed.write(f"{merchant_id}\t{number}\t\\\\x{account.hex()}\n")
    sealed.seek(0)
    cursor.execute("CREATE TEMPORARY TABLE stall (id uuid, number bigint, account bytea)")
    cursor.copy_expert("COPY stall FROM STDIN", sealed)
    cursor.execute(
        """
        INSERT INTO merchants_merchant (id, wallet_number, name, name_en, city, facts, bank_code, bank_account_sealed,
                                        joined_at)
        SELECT id, number, 'ร้าน ' || number, 'Stall ' || number, 'Bangkok',
               %(facts)s, 'KRTHTHBK', account, %(at)s
          FROM stall;
        INSERT INTO merchants_particulars (id, merchant_id, name, name_en, city, facts, by, reason, from_at)
        SELECT id, id, 'ร้าน ' || number, 'Stall ' || number, 'Bangkok', %(facts)s, 'timetable:bench', '', %(at)s
          FROM stall;
        INSERT INTO merchants_till (id, merchant_id, name, secret_digest, added_at)
        SELECT bench.id_of(7, number), id, 'till 1', sha256(('till ' || number)::bytea), %(at)s FROM stall;
        DROP TABLE stall;
        """,
        {"at": at, "facts": STALL_FACTS},
    )


def payments(
    cursor: Any, *, first: int, count: int, citizens: int, merchants: int, date: dt.date, at: dt.datetime
) -> Iterator[int]:
    """Add a day of `count` payments that end charges `first` onwards, made over the ten hours before `at`."""
    last = first + count - 1
    values = {
        "citizens": citizens,
        "merchants": merchants,
        "stall_facts": STALL_FACTS,
        "count": count,
        "date": date,
        "at": at,
    }
    for begins in range(first, last + 1, AT_ONCE):
        ends = min(begins + AT_ONCE - 1, last)
        cursor.execute("BEGIN")
        cursor.execute(PAYMENTS, values | {"first": begins, "last": ends, "last_of_all": last})
        cursor.execute("COMMIT")
        yield ends - first + 1


def charges(
    cursor: Any, *, first: int, last: int, merchants: range, at: dt.datetime, hold_seconds: int | None = None
) -> None:
    """Let stalls ask for money with charges `first` to `last`, by turns, in `price_of`; good for a day."""
    cursor.execute(
        """
        INSERT INTO merchants_charge
               (id, merchant_id, till_id, amount, channel, lines, facts, merchant_facts, note, asked_at, expires_at,
                hold_seconds)
        SELECT bench.id_of(8, n), bench.id_of(6, merchant), bench.id_of(7, merchant), 1_00 + n %% 200, 1, '[]', '{}',
               %(facts)s, '', %(at)s, %(at)s + interval '1 day', %(hold_seconds)s
          FROM generate_series(%(first)s, %(last)s) n, LATERAL (SELECT %(from)s + n %% %(stalls)s) stall (merchant)
        """,
        {
            "first": first,
            "last": last,
            "from": merchants.start,
            "stalls": len(merchants),
            "facts": STALL_FACTS,
            "at": at,
            "hold_seconds": hold_seconds,
        },
    )


def price_of(charge: int) -> Satang:
    """Return what an open charge asks for: so little that no run of the bench reaches a cap."""
    return 1_00 + charge % 200


def tidy(cursor: Any) -> None:
    """Leave the tables as they are after a quiet hour: vacuumed, analysed, written to disk."""
    cursor.execute("VACUUM ANALYZE")
    cursor.execute("CHECKPOINT")
