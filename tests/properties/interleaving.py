"""Operations at once, one step at a time: each stops at named points, and an order says who goes on.

The points are where operations meet: `barrier`, `lock`, `look` (the first reading after a lock), `record` (the first
writing after a look), `commit`. A thread that waits for a lock of PostgreSQL's is left waiting while others go on.
"""

import re
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, connections
from psycopg2.extensions import TRANSACTION_STATUS_IDLE

from merchants.looking import LOCK
from tests.properties.orders import Order
from tests.races.at_once import PATIENCE_SECONDS

LOOK_SECONDS = 0.0005
# How long a step may take before the database is asked whether it waits for somebody else's lock.
STEP_SECONDS = 0.004

# The pay path sends its three statements in one go, and its last with the commit; here they are sent one by one, to
# stop between them.
BETWEEN_STATEMENTS = re.compile(r";\s*\n")

# The pay path's lock is planned once, and then goes by its name.
LOCKS = f"EXECUTE {LOCK.name}"

Act = Callable[[], Any]


@dataclass
class Actor:
    """One thread: what it does, and where it stands."""

    number: int
    points: list[str]
    go: threading.Event = field(default_factory=threading.Event)
    stands_at: str | None = None
    backend: int = 0
    outcome: Future[Any] = field(default_factory=Future)
    locked: bool = False
    stops: int = 0

    def stop_at(self, point: str) -> None:
        """Wait here until the order says to go on."""
        self.points.append(f"{self.number} {point}")
        self.go.clear()
        self.stops += 1
        self.stands_at = point
        assert self.go.wait(PATIENCE_SECONDS), "forgotten by the schedule"

    def before(self, statement: str) -> None:
        """Stop if a statement is one of the named points."""
        point = self._point(statement)
        if point:
            self.stop_at(point)

    def _point(self, statement: str) -> str | None:
        words = statement.upper()
        if words.startswith("PREPARE"):
            return None
        if words == "COMMIT":
            return "commit"
        if "PG_ADVISORY_XACT_LOCK" in words:
            return "barrier"
        if LOCKS in statement or "FOR NO KEY UPDATE" in words or "FOR UPDATE" in words:
            self.locked = True
            return "lock"
        if self.locked and re.match(r"\s*(SELECT|EXECUTE)\b", words):
            self.locked = False
            return "look"
        return "record" if re.match(r"\s*(INSERT|UPDATE|DELETE|WITH|EXECUTE)\b", words) else None


def interleaved(acts: Sequence[Act], *, order: Order, points: list[str] | None = None) -> list[Any]:
    """Return what each act returned, or the exception that it raised; `order` says who goes on at each point.

    :param points: is added to: who stopped where, in the order in which it came.
    """
    points = [] if points is None else points
    actors = [Actor(number, points) for number, _ in enumerate(acts)]
    with ThreadPoolExecutor(len(acts)) as pool:
        for actor, act in zip(actors, acts, strict=True):
            pool.submit(_run, actor, act)
        deadline = time.monotonic() + PATIENCE_SECONDS
        while unfinished := [actor for actor in actors if not actor.outcome.done()]:
            assert time.monotonic() < deadline, f"stuck after {points}"
            _wait_until_still(unfinished)
            if standing := [actor for actor in unfinished if actor.stands_at is not None]:
                chosen = actors[order.goes_on([(one.number, one.stops) for one in standing], acts=len(acts))]
                chosen.stands_at = None
                chosen.go.set()
    return [actor.outcome.result() for actor in actors]


def _run(actor: Actor, act: Act) -> None:
    try:
        with _stopping(actor):
            actor.outcome.set_result(act())
    except Exception as error:  # noqa: BLE001  what was raised is the result
        actor.outcome.set_result(error)
    finally:
        connections.close_all()


@contextmanager
def _stopping(actor: Actor) -> Iterator[None]:
    """Have this thread's connection stop at the named points."""
    connection.ensure_connection()
    actor.backend = connection.connection.info.backend_pid
    commit = connection.commit

    def stopping_execute(execute: Callable[..., Any], sql: str, params: Any, many: Any, context: Any) -> Any:
        # Several statements sent at once are sent one by one here, each with its own of the values.
        result, left = None, params
        for statement in BETWEEN_STATEMENTS.split(sql) if isinstance(params, tuple) else [sql]:
            actor.before(statement)
            own = left
            if isinstance(left, tuple):
                own, left = left[: statement.count("%s")], left[statement.count("%s") :]
            result = execute(statement, own, many, context)
        return result

    def stopping_commit() -> None:
        if connection.connection.info.transaction_status != TRANSACTION_STATUS_IDLE:  # else a statement has committed
            actor.stop_at("commit")
        commit()

    with ExitStack() as stack:
        stack.enter_context(connection.execute_wrapper(stopping_execute))
        connection.commit = stopping_commit  # type: ignore[method-assign]  # in this thread's connection alone
        actor.stop_at("start")
        yield


def _wait_until_still(actors: Sequence[Actor]) -> None:
    """Return when each stands at a point, has ended, or waits for a lock that another one has."""
    since = time.monotonic()
    while running := [actor for actor in actors if actor.stands_at is None and not actor.outcome.done()]:
        if time.monotonic() - since > STEP_SECONDS and all(_is_waiting(actor.backend) for actor in running):
            return
        assert time.monotonic() - since < PATIENCE_SECONDS
        time.sleep(LOOK_SECONDS)


def _is_waiting(backend: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT cardinality(pg_blocking_pids(%s)) > 0", [backend])
        (waiting,) = cursor.fetchone()
    return bool(waiting)
