"""The timetable: each entry is a task that exists, and a message that nobody took in time is dropped."""

from config.celery import app
from config.timetable import EVERY, timetable


def test_each_entry_is_a_task_that_a_worker_knows() -> None:
    app.loader.import_default_modules()
    assert set(EVERY) - set(app.tasks) == set()


def test_each_task_of_ours_is_in_the_timetable() -> None:
    app.loader.import_default_modules()
    ours = {name for name in app.tasks if name.partition(".")[0] in {"wallet", "subsidies", "merchants", "settlement"}}
    assert ours - set(EVERY) == set()


def test_a_message_that_nobody_took_is_dropped_when_the_next_is_due() -> None:
    assert [
        entry for entry in timetable.values() if entry["options"]["expires"] != entry["schedule"].total_seconds()
    ] == []
