"""`manage.py scheme`: what authors and operators do with scheme documents.

Checking, explaining, comparing and printing the JSON Schema need no database. Publishing and reporting do.
"""

import json
from argparse import ArgumentParser
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from config import words
from settlement import scheme_reports
from settlement.printed_reports import as_csv, as_table
from settlement.scheme_reports import GROUPS
from subsidies import drafts, examples
from subsidies.compiled import Scheme, compile_scheme
from subsidies.decision import Purse, Reason, Sale, decide
from subsidies.differences import between
from subsidies.documents import Document, DocumentInvalid, decoded, example_lines_of, read, schema
from subsidies.plain_words import SECTIONS, explain
from subsidies.publishing import digest_of
from subsidies.rules.calendar import Calendar
from subsidies.words import REASONS, REFUSALS
from wallet import clock, second_factors
from wallet.audit import Actor
from wallet.models import Officer
from wallet.money import baht
from wallet.refusals import Refusal

SOMEBODY: Final = UUID(int=0)
AN_HOUR: Final = 3_600  # nobody else waits for an operator who counts days at a shell


class Command(BaseCommand):
    """Check, describe, compare and explain scheme documents."""

    help = "Check, explain or compare scheme documents, print their JSON Schema; publish one, report on a scheme."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add one sub-command for each thing to do."""
        acts = parser.add_subparsers(dest="act", required=True)
        check = acts.add_parser("check", help="ask every example of the documents; exit 1 on any wrong answer")
        check.add_argument("files", nargs="+", type=Path)
        check.add_argument("--quiet", action="store_true", help="only what is wrong, and the count")
        acts.add_parser("schema", help="print the JSON Schema of scheme documents")
        diff = acts.add_parser("diff", help="say what has changed from one document to another")
        diff.add_argument("old", type=Path)
        diff.add_argument("new", type=Path)
        explain = acts.add_parser("explain", help="say the rules in plain words; with a price, who pays what and why")
        explain.add_argument("file", type=Path)
        explain.add_argument("--price", type=int, help="satang; then --at too")
        explain.add_argument("--at", type=datetime.fromisoformat, help="2025-11-03T12:00:00+07:00")
        explain.add_argument("--channel", default="shop")
        explain.add_argument("--tier", help="without it, the last tier")
        explain.add_argument("--left", type=int, help="satang in the purse; without it, the largest grant")
        publish = acts.add_parser("publish", help="draft, submit and approve a document, as two officers at one shell")
        publish.add_argument("file", type=Path)
        publish.add_argument("--as", dest="submitter", required=True, metavar="USERNAME", help="who submits it")
        publish.add_argument("--approved-by", dest="approver", required=True, metavar="USERNAME", help="who approves")
        publish.add_argument("--code", help="from the first officer's device; asked for if left out")
        publish.add_argument("--approval-code", help="from the second officer's device; asked for if left out")
        report = acts.add_parser("report", help="print what a scheme committed, spent and has left, with its totals")
        report.add_argument("scheme", help="its code")
        report.add_argument("--by", default="cohort", choices=[*GROUPS])
        report.add_argument("--from", dest="since", type=date.fromisoformat, help="the first business date")
        report.add_argument("--until", type=date.fromisoformat, help="the last business date")
        report.add_argument("--csv", action="store_true", help="satang in columns, in place of a table in baht")

    def handle(self, *_args: object, **options: Any) -> None:
        """Do what the sub-command says."""
        match options["act"]:
            case "check":
                self._check(options["files"], quiet=options["quiet"])
            case "schema":
                self.stdout.write(json.dumps(schema(), indent=2, ensure_ascii=False))
            case "diff":
                self._diff(_document(options["old"]), _document(options["new"]))
            case "explain" if options["price"] is None:
                self._explain_rules(_document(options["file"]))
            case "explain":
                self._explain(options)
            case "publish":
                self._publish(options)
            case "report":
                self._report(options)

    def _check(self, files: list[Path], *, quiet: bool) -> None:
        wrong = sum(self._check_one(file, quiet=quiet) for file in files)
        if wrong:
            raise CommandError(f"{wrong} wrong", returncode=1)

    def _check_one(self, file: Path, *, quiet: bool) -> int:
        """Print how the examples of one file fare, and return how many things are wrong with it."""
        try:
            text = decoded(_bytes(file))
            document = read(text)
        except DocumentInvalid as refusal:
            for mistake in refusal.mistakes:
                self.stdout.write(self.style.ERROR(f"{file}:{mistake.line}: {mistake}"))
            return len(refusal.mistakes)
        answers = examples.run(document)
        lines = example_lines_of(text)
        self.stdout.write(f"{file}: {document.scheme.name.en}, version {document.scheme.version}")
        for answer in answers:
            if answer.is_right and not quiet:
                self.stdout.write(f"  right  {answer.example}: {answer.question}: {answer.found}")
            elif not answer.is_right:
                where = f"line {lines[answer.number]}"
                self.stdout.write(self.style.ERROR(f"  WRONG  {where}: {answer.example}: {answer.question}"))
                self.stdout.write(f"         expected {answer.expected}\n         found    {answer.found}")
        wrong = sum(not answer.is_right for answer in answers)
        self.stdout.write(f"  {len(answers) - wrong} right, {wrong} wrong")
        return wrong

    def _diff(self, old: Document, new: Document) -> None:
        """Print the sentences that only one of the two says, and every field that differs."""
        differences = between(old, new)
        for mark, sentences in (("was", differences.was), ("now", differences.now)):
            for thai, english in sentences:
                self.stdout.write(f"{mark}  {english}\n     {thai}")
        for field, was, now in differences.fields:
            self.stdout.write(f"{field}: {_written(was)} -> {_written(now)}")

    def _explain_rules(self, document: Document) -> None:
        section = ""
        for sentence in explain(document):
            if sentence.section != section:
                section = sentence.section
                thai, english = SECTIONS[section]
                self.stdout.write(self.style.MIGRATE_HEADING(f"{english} · {thai}"))
            self.stdout.write(f"  {sentence.en}\n  {sentence.th}")

    def _explain(self, options: Mapping[str, Any]) -> None:
        if options["at"] is None:
            raise CommandError("--at beside --price: the hour decides", returncode=2)
        scheme = compile_scheme(_document(options["file"]))
        assumed = scheme.document.examples_assume
        sale = Sale(price=options["price"], channel=options["channel"], merchant=assumed.merchant, facts=assumed.sale)
        try:
            split = decide(purses=[_purse(scheme, options)], sale=sale, at=options["at"])
        except Refusal as refusal:
            self._say(REFUSALS[refusal.code], refusal.facts, scheme.calendar)
            return
        self.stdout.write(f"price {baht(split.price)}  State {baht(split.state)}  citizen {baht(split.citizen)}")
        for reason in split.reasons:
            self._say(_sentence(reason), reason.facts, scheme.calendar)

    def _publish(self, options: Mapping[str, Any]) -> None:
        """Publish as officers do over the API; each of the two shows a second factor here."""
        submitter, approver = _officer(options["submitter"]), _officer(options["approver"])
        text = _text(options["file"])
        code = options["code"] or input(f"Code of {options['submitter']}: ")
        at = clock.now()
        try:
            _must_be_there(submitter, code)
            draft = drafts.begin(document=text, actor=_actor(submitter), at=at)
            seen = digest_of(text)
            drafts.submit(draft_id=draft.id, actor=_actor(submitter), seen=seen, at=at)
            verdict = drafts.approve(
                draft_id=draft.id,
                actor=_actor(approver),
                second_factor=options["approval_code"] or input(f"Code of {options['approver']}: "),
                seen=seen,
                at=at,
            )
        except Refusal as refusal:
            raise _said(refusal) from refusal
        version = verdict.version
        if version is not None:
            self.stdout.write(f"{version.scheme.code} {version.number} holds from {version.effective_at.isoformat()}")

    def _report(self, options: Mapping[str, Any]) -> None:
        try:
            report = scheme_reports.of(
                code=options["scheme"],
                by=options["by"],
                since=options["since"],
                until=options["until"],
                patience_seconds=AN_HOUR,
            )
        except Refusal as refusal:
            raise _said(refusal) from refusal
        self.stdout.write(as_csv(report) if options["csv"] else as_table(report), ending="")

    def _say(self, words: tuple[str, str], facts: Mapping[str, Any], calendar: Calendar) -> None:
        shown = {name: _shown(name, value, calendar) for name, value in facts.items()}
        for sentence in words:
            self.stdout.write("  " + sentence.format_map(shown))


def _officer(username: str) -> Officer:
    found = Officer.objects.filter(user__username=username, user__is_active=True).first()
    if found is None:
        raise CommandError(f"{username} is no officer", returncode=1)
    return found


def _actor(officer: Officer) -> Actor:
    return Actor("officer", str(officer.id))


def _must_be_there(officer: Officer, code: str) -> None:
    """Return if the code proves it.

    :raises SecondFactorWrong: counted, and that is committed.
    """
    with transaction.atomic():
        wrong = second_factors.judge(officer=officer, code=code)
    if wrong is not None:
        raise wrong


def _said(refusal: Refusal) -> CommandError:
    return CommandError(words.worded(code=refusal.code, facts=refusal.facts)[1], returncode=1)


def _document(file: Path) -> Document:
    try:
        return read(decoded(_bytes(file)))
    except DocumentInvalid as refusal:
        raise CommandError(f"{file}\n{refusal}", returncode=1) from refusal


def _text(file: Path) -> str:
    try:
        return decoded(_bytes(file))
    except DocumentInvalid as refusal:
        raise CommandError(f"{file}\n{refusal}", returncode=1) from refusal


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as unread:
        raise CommandError(f"{file}: {unread.strerror}", returncode=2) from unread


def _written(value: Any) -> str:
    return "nothing" if value is None else json.dumps(value, ensure_ascii=False)


def _purse(scheme: Scheme, options: Mapping[str, Any]) -> Purse:
    """Return the purse of somebody who has used the right before, and nothing of any cap since."""
    assumed = scheme.document.examples_assume
    enrolled_at = assumed.enrolled_at or scheme.windows.starts_at
    return Purse(
        enrolment_id=SOMEBODY,
        scheme_id=SOMEBODY,
        version_id=SOMEBODY,
        scheme=scheme,
        left=scheme.largest_grant if options["left"] is None else options["left"],
        tier=options["tier"] or scheme.document.tiers[-1].code,
        person=assumed.person,
        enrolled_at=enrolled_at,
        first_used_at=enrolled_at,
        used={},
    )


def _shown(name: str, value: Any, calendar: Calendar) -> Any:
    if name.endswith("_satang"):
        return baht(value)
    if name.endswith("_at"):
        return f"{calendar.local(datetime.fromisoformat(value)):%d %b %Y %H:%M}"
    return value


def _sentence(reason: Reason) -> tuple[str, str]:
    return REASONS.get(reason.code) or REFUSALS[reason.code]
