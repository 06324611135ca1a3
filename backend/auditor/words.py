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


SEEN = frozenset({Kind.READ, Kind.SEARCH})
CHANGED = frozenset({Kind.CREATE, Kind.UPDATE, Kind.DELETE})
REPLAYED = "replayed"


@dataclass(frozen=True, slots=True)
class Actions:
    """All actions of some kinds: those that fit the pattern but are not `without`, and `beside`.

    The pattern is one of PostgreSQL's. `act_of` says the same of one action.
    """

    pattern: str
    without: tuple[str, ...]
    beside: tuple[str, ...]


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


def word(key: str, table: str = "words", /, **shown: Text) -> Text:
    """One of the file's own words, with its placeholders filled. Raises KeyError."""
    ja, en = _file()[table][key]
    return Text(
        ja.format(**{name: text.ja for name, text in shown.items()}),
        en.format(**{name: text.en for name, text in shown.items()}),
    )


def named(key: str, table: str) -> Text:
    """The same for what may be new: without words the key itself."""
    return word(key, table) if key in _file()[table] else Text(key, key)


def of_table(name: str) -> Text:
    """What a table of the database holds (`records_labresult`); without words its own name."""
    if name in _file()["tables"]:
        return word(name, "tables")
    stem = name.partition("_")[2]
    thing = next((one for one in _file()["things"] if one.replace("_", "") == stem), None)
    return word(thing, "things") if thing is not None else Text(name, name)


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
    kind = Kind.READ if suffix == REPLAYED else found.kind  # the reply was seen; nothing was done
    return Act(kind, _joined(found.words, suffix), found.is_known)


@lru_cache(maxsize=10)
def actions_of(kinds: frozenset[Kind]) -> Actions:
    """How to search entries for what is of these kinds."""
    whole = {name: Kind(row[0]) for name, row in _file()["actions"].items()}
    verbs = [name for name, row in _file()["verbs"].items() if Kind(row[0]) in kinds]
    forms = [rf"[a-z_]+\.({'|'.join(verbs)})"]
    if Kind.READ in kinds:
        forms += [r"job\..+", rf".+\.{REPLAYED}"]
    return Actions(
        pattern=f"^({'|'.join(forms)})$",
        without=tuple(name for name, kind in whole.items() if kind not in kinds),
        beside=tuple(name for name, kind in whole.items() if kind in kinds),
    )


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
