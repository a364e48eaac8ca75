"""What the finance office sees of schemes: which there are, what each says, whether it answers right, what changed."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final

from config.authentication import OFFICER
from config.screens import Screen
from config.shapes import Shape
from subsidies import differences, drafts, examples, handing_back, overview, plain_words, roll_calls, schemes
from subsidies.documents import Document, example_lines_of
from subsidies.examples import Answer
from subsidies.models import Draft, Submission
from subsidies.plain_words import Sentence

DRAFTS_SHOWN: Final = 20


class Compared(Shape):
    """Which two versions."""

    was: int
    now: int


class SchemesScreen(Screen):
    """Every scheme, and the drafts of what is to come."""

    open_to: ClassVar = OFFICER
    template = "subsidies/office_schemes.html"

    def seen(self) -> Mapping[str, Any]:
        """Return both."""
        return {
            "schemes": overview.all_of(at=self.at),
            "drafts": [listed(draft, newest) for draft, newest in drafts.recent(most=DRAFTS_SHOWN)],
        }


class SchemeScreen(Screen):
    """One scheme: how it stands, its money, its rules, its versions, and holding it back."""

    open_to: ClassVar = OFFICER
    template = "subsidies/office_scheme.html"

    def seen(self) -> Mapping[str, Any]:
        """Return it, and what this officer began and so cannot agree to."""
        found = overview.of(code=self.kwargs["code"], at=self.at)
        suspension, stop = found.brakes
        hand_back = handing_back.waiting_of(scheme_id=found.scheme.id)
        return {
            "one": found,
            "now": self.at,
            "sections": list(plain_words.sections(found.rules.document)),
            "roll": roll_calls.progress(scheme_id=found.scheme.id) if found.rules.called_from else None,
            "suspended_by_me": suspension is not None and suspension.officer_id == self.caller.id,
            "stop_asked_by_me": stop is not None and stop.officer_id == self.caller.id,
            "hand_back": hand_back,
            "hand_back_asked_by_me": hand_back is not None and hand_back.officer_id == self.caller.id,
        }


class VersionScreen(Screen):
    """One version: its rules in plain words, its examples, asked anew, and its text."""

    open_to: ClassVar = OFFICER
    template = "subsidies/office_version.html"

    def seen(self) -> Mapping[str, Any]:
        """Return it."""
        code, number = self.kwargs["code"], self.kwargs["number"]
        version = schemes.version(code=code, number=number)
        rules = schemes.compiled(version.id)
        return {
            "version": version,
            "rules": rules,
            "sections": list(plain_words.sections(rules.document)),
            **asked(version.document, rules.document, examples.run(rules.document)),
            "lines": version.document.splitlines(),
            "digest": bytes(version.digest).hex(),
        }


class DifferencesScreen(Screen):
    """Two versions side by side."""

    open_to: ClassVar = OFFICER
    template = "subsidies/office_differences.html"

    def seen(self) -> Mapping[str, Any]:
        """Return what one of them says and the other does not."""
        code, picked = self.kwargs["code"], self.query(Compared)
        was, now = (schemes.version(code=code, number=number) for number in (picked.was, picked.now))
        return {
            "was": was,
            "now": now,
            "versions": schemes.versions(code=code),
            "name": schemes.compiled(now.id).document.scheme.name,
            "changed": changed(schemes.compiled(was.id).document, schemes.compiled(now.id).document),
        }


def listed(draft: Draft, newest: Submission | None) -> Mapping[str, Any]:
    """Return a draft as a list shows it."""
    return {
        "draft": draft,
        "state": drafts.state(draft, newest),
        "submission": newest,
        "verdict": drafts.verdict_of(newest),
    }


def asked(text: str, document: Document, answers: Sequence[Answer]) -> Mapping[str, Any]:
    """Return what the rules answer to a document's examples, as a page shows it: where each stands, and who says so."""
    lines = example_lines_of(text)
    return {
        "answers": [
            {"answer": each, "line": lines[each.number], "source": document.examples[each.number].source}
            for each in answers
        ],
        "wrong": sum(not each.is_right for each in answers),
    }


def changed(old: Document, new: Document) -> Mapping[str, Any]:
    """Return what two documents say otherwise, as a page shows it."""
    found = differences.between(old, new)
    return {
        "was": [Sentence("", *said) for said in found.was],
        "now": [Sentence("", *said) for said in found.now],
        "fields": [(field, _written(was), _written(now)) for field, was, now in found.fields],
    }


def _written(value: Any) -> str:
    return "" if value is None else json.dumps(value, ensure_ascii=False)
