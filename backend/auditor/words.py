"""What an action is called in plain words, and of which kind it is. Reads words.toml."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any

from backend.kernel.text import Text


class Kind(StrEnum):
    """What an act is, whatever it is about."""

    READ = "read"
    SEARCH = "search"
    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"
    EXECUTE = "execute"
    LOGIN = "login"
    LOGOUT = "logout"


@dataclass(frozen=True, slots=True)
class Act:
    """An action's kind, and what to say of it. `is_known`: the file has words for it."""

    kind: Kind
    words: Text
    is_known: bool = True


@lru_cache(maxsize=1)
def _file() -> Mapping[str, Any]:
    path = Path(__file__).with_name("words.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))


def word(key: str, table: str = "words", **shown: Text) -> Text:
    """One of the file's own words, with its placeholders filled. Raises KeyError."""
    ja, en = _file()[table][key]
    return Text(
        ja.format(**{name: text.ja for name, text in shown.items()}),
        en.format(**{name: text.en for name, text in shown.items()}),
    )


def named(key: str, table: str) -> Text:
    """The same for what may be new: without words the key itself."""
    return word(key, table) if key in _file()[table] else Text(key, key)


@lru_cache(maxsize=1_000)
def act_of(action: str) -> Act:
    """What `prescription.approve` or `visit.hold.replayed` says to a patient.

    What nobody has written words for is shown by its name: better than not at all.
    """
    stem, suffix = _parted(action)
    found = _whole(stem) or _composed(stem)
    if found is None:
        words = word("anything", action=Text(stem, stem))
        found = Act(Kind.EXECUTE, words, is_known=False)
    return Act(found.kind, _joined(found.words, suffix), found.is_known)


def _parted(action: str) -> tuple[str, str | None]:
    stem, _, last = action.rpartition(".")
    return (stem, last) if last in _file()["suffixes"] else (action, None)


def _joined(words: Text, suffix: str | None) -> Text:
    if suffix is None:
        return words
    said = word(suffix, "suffixes")
    return Text(words.ja + said.ja, words.en + said.en)


def _whole(stem: str) -> Act | None:
    if stem.startswith("job."):
        return Act(Kind.READ, word("job_task"))
    if stem in _file()["things"]:  # refused before the verb was known
        return Act(Kind.EXECUTE, named(stem, "things"))
    row = _file()["actions"].get(stem)
    return Act(Kind(row[0]), Text(row[1], row[2])) if row else None


def _composed(stem: str) -> Act | None:
    thing, _, verb = stem.partition(".")
    row = _file()["verbs"].get(verb)
    if row is None or thing not in _file()["things"]:
        return None
    noun = word(thing, "things")
    en = row[2].format(thing=noun.en)
    return Act(Kind(row[0]), Text(row[1].format(thing=noun.ja), en[0].upper() + en[1:]))
