"""What schemes may ask about a person: who vouches for them said, the lists they are on, the schemes they are in."""

import datetime as dt
from typing import Any, Final
from uuid import UUID

from django.db import connection

from subsidies.rules.snapshots import lists_on
from wallet import people
from wallet.clock import today

# What is kept on this floor, in one statement. Lists in the order in which they supersede one another: the newer day,
# and of one day the list that was put in force last.
KNOWN: Final = """
    SELECT (SELECT json_agg(json_build_array(list.code, list.as_of, member.list_id IS NOT NULL)
                            ORDER BY list.as_of, approval.at, list.id)
              FROM subsidies_listapproval approval
              JOIN subsidies_peoplelist list ON list.id = approval.list_id
              LEFT JOIN subsidies_listmember member
                ON member.person_index = person.national_id_index AND member.list_id = list.id
             WHERE approval.at <= %(at)s),
           (SELECT json_agg(json_build_array(scheme.code,
                                EXISTS (SELECT 1 FROM subsidies_forfeit WHERE enrolment_id = place.id)
                             OR EXISTS (SELECT 1 FROM subsidies_comingover WHERE from_enrolment_id = place.id))
                            ORDER BY scheme.code)
              FROM subsidies_enrolment place JOIN subsidies_scheme scheme ON scheme.id = place.scheme_id
             WHERE place.citizen_id = person.citizen_id),
           (SELECT json_agg(json_build_array(scheme.code, appeal.rule))
              FROM subsidies_appeal appeal
              JOIN subsidies_appealdecision decision ON decision.appeal_id = appeal.id AND decision.granted
              JOIN subsidies_scheme scheme ON scheme.id = appeal.scheme_id
             WHERE appeal.citizen_id = person.citizen_id AND decision.at <= %(at)s)
      FROM wallet_person person WHERE person.citizen_id = %(citizen)s
"""


def facts_of(*, citizen_id: UUID, at: dt.datetime) -> dict[str, Any]:
    """Return what schemes may ask about a person at this instant; in two statements.

    Beside the vocabulary it holds `lists_as_of` (each list's code: day to whether they were on it, for conditions on
    a day of the past) and `waived` (each scheme's code: the requirements that an appeal lifted for them).
    """
    person = people.profile(citizen_id)
    with connection.cursor() as cursor:
        cursor.execute(KNOWN, {"citizen": citizen_id, "at": at})
        lists, joined, waived = cursor.fetchone()
    lists_as_of: dict[str, dict[str, bool]] = {}
    for code, day, is_on in lists or ():
        lists_as_of.setdefault(code, {})[day] = is_on
    lifted: dict[str, list[str]] = {}
    for code, rule in waived or ():
        lifted.setdefault(code, []).append(rule)
    return {
        **person.facts,
        "born_on": person.born_on.isoformat(),
        "lists": lists_on(today(at), lists_as_of),
        "lists_as_of": lists_as_of,
        "enrolled_in": [code for code, is_over in joined or () if not is_over],
        "was_enrolled_in": [code for code, _ in joined or ()],
        "waived": lifted,
    }
