"""The words of the pages, in Thai and English: `python -m config.catalogues [gather]`.

A page says an English sentence (`{% translate "You pay" %}`); `<floor>/locale/<language>/LC_MESSAGES/django.po` has it
in both languages, so that the English can be put better without touching the page. `gather` reads every page and writes
into the catalogues what is new, for people to translate, and takes out what nobody says any more. Without a word it
compiles what has changed for gettext to read. Django's own `makemessages` and `compilemessages` do the same where GNU
gettext is installed; this needs only what our lock has.
"""

import io
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from config.environment import ROOT

FLOORS: Final = ("config", "wallet", "subsidies", "merchants", "settlement")
LANGUAGES: Final = ("th", "en")
PAGES: Final = (".html", ".json", ".js")
# What Babel's own list lacks of Django's names for the same acts.
KEYWORDS: Final = DEFAULT_KEYWORDS | {"gettext_lazy": None, "gettext_noop": None, "ngettext_lazy": (1, 2)}
HEADER: Final = (
    'msgid ""\nmsgstr ""\n"Language: {language}\\n"\n"Content-Type: text/plain; charset=UTF-8\\n"\n{plurals}\n'
)
PLURALS: Final = {
    "th": '"Plural-Forms: nplurals=1; plural=0;\\n"\n',
    "en": '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n',
}
WIDTH: Final = 120

Said = str | tuple[str, ...]


def said_on(floor: str) -> set[Said]:
    """Return every sentence that a floor's pages and code say; where a number decides, as singular and plural."""
    return {sentence for file in (ROOT / floor).rglob("*") for sentence in _said_in(file)}


def catalogue(floor: str, language: str) -> Catalog:
    """Return a floor's catalogue; an empty one, if there is none yet."""
    file = place(floor, language)
    if not file.exists():
        return Catalog(locale=language)
    with file.open("rb") as lines:
        return read_po(lines, locale=language)


def place(floor: str, language: str) -> Path:
    """Return where a floor's catalogue is written."""
    return ROOT / floor / "locale" / language / "LC_MESSAGES" / "django.po"


def compile_stale() -> list[Path]:
    """Compile every catalogue that is newer than what it was compiled to, and return those."""
    stale = [file for file in _files() if _age(file.with_suffix(".mo")) < _age(file)]
    for file in stale:
        with file.open("rb") as lines:
            read = read_po(lines)
        compiled = io.BytesIO()
        write_mo(compiled, read)
        # Put in place whole: another process may be reading it.
        new = file.with_suffix(".mo.new")
        new.write_bytes(compiled.getvalue())
        new.rename(file.with_suffix(".mo"))
    return stale


def gather() -> Mapping[Path, int]:
    """Bring every catalogue up to what the pages say, and return how many sentences wait for a translator in each."""
    waiting: dict[Path, int] = {}
    for floor in FLOORS:
        said = said_on(floor)
        for language in LANGUAGES:
            if said:
                waiting[place(floor, language)] = _bring_up(floor, language, said)
    return waiting


def _bring_up(floor: str, language: str, said: set[Said]) -> int:
    before, after = catalogue(floor, language), Catalog(locale=language)
    for sentence in said:
        known = before.get(sentence if isinstance(sentence, str) else sentence[0])
        itself = sentence if language == "en" else ""
        after.add(sentence, known.string if known and known.string else itself)
    body = io.BytesIO()
    write_po(body, after, no_location=True, omit_header=True, sort_output=True, width=WIDTH)
    file = place(floor, language)
    file.parent.mkdir(parents=True, exist_ok=True)
    header = HEADER.format(language=language, plurals=PLURALS[language])
    file.write_text(header + body.getvalue().decode(), encoding="utf-8")
    return sum(not message.string or not any(message.string) for message in after if message.id)


def _said_in(file: Path) -> Iterator[Said]:
    if file.suffix == ".py":
        source = file.read_text(encoding="utf-8")
    elif file.suffix in PAGES and "templates" in file.parts:
        # Django turns a template into the calls that it makes; in parentheses its indentation means nothing.
        source = f"({templatize(file.read_text(encoding='utf-8'), origin=str(file))}\n)"
    else:
        return
    for _, sentence, _, _ in extract("python", io.BytesIO(source.encode()), keywords=KEYWORDS):
        yield sentence


def _files() -> Iterator[Path]:
    for floor in FLOORS:
        yield from sorted((ROOT / floor / "locale").glob("*/LC_MESSAGES/django.po"))


def _age(file: Path) -> float:
    return file.stat().st_mtime if file.exists() else 0.0


def main() -> None:
    """Do what the command line asks for."""
    if "gather" in sys.argv[1:]:
        for file, count in gather().items():
            print(f"{file.relative_to(ROOT)}: {count or 'none'} to translate")  # noqa: T201  the answer to who ran it
    compile_stale()


if __name__ == "__main__":
    main()
