"""What the database connection of every process is like."""

import pytest
from django.db import connection


@pytest.mark.django_db
def test_the_service_connects_through_psycopg2_and_owns_nothing() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, count(*) FROM pg_tables WHERE tableowner = current_user")
        assert cursor.fetchone() == ("gwallet_service", 0)
        assert type(cursor.cursor).__module__ == "psycopg2.extensions"


@pytest.mark.django_db(transaction=True)
def test_what_a_committing_test_wrote_is_gone_after_it_one() -> None:
    from django.contrib.auth.models import User

    User.objects.create(username="ploy")


@pytest.mark.django_db(transaction=True)
def test_what_a_committing_test_wrote_is_gone_after_it_two() -> None:
    from django.contrib.auth.models import User

    assert User.objects.count() == 0
