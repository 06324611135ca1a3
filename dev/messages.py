"""The pages' messages: English in the code, Japanese in each portal's locale/ja.

`python -m dev.messages update` collects what each portal says into its django.po and keeps what
was translated; `compile` writes django.mo beside it; `check` says what is missing or wrong.
Both files are in git: the same messages always give the same bytes.
"""

import argparse
import re
import sys
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

PORTALS = Path(__file__).resolve().parent.parent / "backend" / "portals"
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
}
_HEADERS = [
    ("Language", "ja"),
    ("MIME-Version", "1.0"),
    ("Content-Type", "text/plain; charset=utf-8"),
    ("Content-Transfer-Encoding", "8bit"),
    ("Plural-Forms", "nplurals=1; plural=0;"),
]
_PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{\w*\}")
_WORD = re.compile(r"[A-Za-z]{3}")
_JAPANESE = re.compile(r"[\u3041-\u30ff\u4e00-\u9fff]")
_NAMES = re.compile(r"Suhada|TOTP|PDF")  # the same in every language


class Words(Catalog):
    """A catalogue without dates and versions in its header."""

    mime_headers = property(lambda _: _HEADERS, lambda *_: None)


def _empty() -> Words:
    comment = "# Japanese for the pages. `make messages` collects and compiles; translate here."
    return Words(locale="ja", charset="utf-8", fuzzy=False, header_comment=comment)


def _key(message: Message) -> tuple[str, str]:
    return message.id if isinstance(message.id, str) else message.id[0], message.context or ""


def _messages(catalog: Catalog) -> Iterator[Message]:
    return (message for message in catalog if message.id)


def portals() -> list[Path]:
    """The folders whose messages are kept."""
    return sorted(path.parent for path in PORTALS.glob("*/__init__.py"))


def po_of(portal: Path) -> Path:
    """Where a portal's Japanese stands."""
    return portal / "locale" / "ja" / "LC_MESSAGES" / "django.po"


def collected(portal: Path) -> Words:
    """What the portal's templates and code say, untranslated."""
    found = _empty()
    for path in sorted(portal.rglob("*")):
        if path.is_file() and (path.suffix == ".py" or "templates" in path.parts):
            for _, said, _, context in extract("python", BytesIO(_source(path)), KEYWORDS):
                found.add(said, context=context)
    return found


def _source(path: Path) -> bytes:
    """Python as it is; a template as calls of gettext, flush left, for indents mean nothing."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        return text.encode()
    return "\n".join(line.strip() for line in templatize(text).splitlines()).encode()


def kept(portal: Path) -> Catalog:
    """What is translated so far."""
    path = po_of(portal)
    if not path.exists():
        return _empty()
    with path.open("rb") as file:
        return read_po(file, locale="ja", charset="utf-8")


def update(portal: Path) -> None:
    """Write django.po anew: every message of the portal, with its translation if it has one."""
    known = {_key(message): message.string for message in _messages(kept(portal))}
    words = collected(portal)
    for message in _messages(words):
        message.string = known.get(_key(message)) or message.string
    if len(words):
        po_of(portal).parent.mkdir(parents=True, exist_ok=True)
        po_of(portal).write_bytes(_po(words))
    else:
        po_of(portal).unlink(missing_ok=True)


def _po(words: Words) -> bytes:
    file = BytesIO()
    write_po(file, words, no_location=True, sort_output=True, width=100)
    return file.getvalue()


def compiled(portal: Path) -> bytes:
    """The bytes of django.mo."""
    words, file = _empty(), BytesIO()
    for message in _messages(kept(portal)):
        words.add(message.id, message.string, flags=message.flags, context=message.context)
    write_mo(file, words)
    return file.getvalue()


def write_compiled(portal: Path) -> None:
    """Write django.mo beside django.po."""
    path = po_of(portal).with_suffix(".mo")
    if po_of(portal).exists():
        path.write_bytes(compiled(portal))
    else:
        path.unlink(missing_ok=True)


def problems(portal: Path) -> list[str]:
    """What is wrong with a portal's Japanese, one line each."""
    known = {_key(message): message for message in _messages(kept(portal))}
    said = {_key(message): message for message in _messages(collected(portal))}
    name = portal.name
    found = [f"{name}: not in django.po: {text!r}" for text, _ in said.keys() - known.keys()]
    found += [f"{name}: said nowhere: {text!r}" for text, _ in known.keys() - said.keys()]
    found += [f"{name}: kept as obsolete: {text!r}" for text in _obsolete(kept(portal))]
    for message in known.values():
        found += [f"{name}: {what}: {_key(message)[0]!r}" for what in wrong_with(message)]
    mo = po_of(portal).with_suffix(".mo")
    if known and (not mo.exists() or mo.read_bytes() != compiled(portal)):
        found.append(f"{name}: django.mo is not what django.po says: run `make messages`")
    return sorted(found)


def _obsolete(catalog: Catalog) -> list[str]:
    return [str(message.id) for message in catalog.obsolete.values()]


def wrong_with(message: Message) -> list[str]:
    """What is wrong with one translation: empty, fuzzy, other placeholders, not Japanese."""
    english = message.id if isinstance(message.id, str) else message.id[-1]
    texts = [message.string] if isinstance(message.string, str) else list(message.string or [""])
    if not all(texts):
        return ["not translated"]
    found = ["marked fuzzy"] if message.fuzzy else []
    if any(_placeholders(text) != _placeholders(english) for text in texts):
        found.append("other placeholders")
    bare = _NAMES.sub("", _PLACEHOLDER.sub("", english))
    if _WORD.search(bare) and not all(_JAPANESE.search(text) for text in texts):
        found.append("not Japanese")
    return found


def _placeholders(text: str) -> set[str]:
    return set(_PLACEHOLDER.findall(text))


def two_ways(folders: Iterable[Path]) -> list[str]:
    """Messages that two portals translate differently: Django knows only one of them."""
    first: dict[tuple[str, str], tuple[str, Any]] = {}
    found = []
    for portal in folders:
        for message in _messages(kept(portal)):
            where, text = first.setdefault(_key(message), (portal.name, message.string))
            if text != message.string:
                found.append(f"{where} and {portal.name} differ: {_key(message)[0]!r}")
    return found


def main(arguments: list[str]) -> int:
    """Do it for every portal; 1 when `check` found something."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("update", "compile", "check"))
    parser.add_argument("portal", nargs="*", help="only these, by name")
    given = parser.parse_args(arguments)
    if not settings.configured:
        settings.configure()  # for templatize
    chosen = [path for path in portals() if not given.portal or path.name in given.portal]
    if given.what == "check":
        found = [line for path in chosen for line in problems(path)] + two_ways(chosen)
        print("\n".join(found), end="\n" if found else "")
        return 1 if found else 0
    for path in chosen:
        (update if given.what == "update" else write_compiled)(path)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
