"""Consent documents: versioned texts in Japanese and English, rendered for one clinic."""

import hashlib
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from string import Template
from typing import Any

from backend.accounts.models import Clinic
from backend.kernel.text import Text

FOLDER = Path(__file__).parent / "consents"
LANGUAGES = ("ja", "en")


@dataclass(frozen=True, slots=True)
class Document:
    """One version of a document. `disclosures`: code -> point to acknowledge (J-21)."""

    id: str
    code: str
    programme: str
    in_force_from: date
    title: Text
    body: Text
    disclosures: Mapping[str, Text]


@dataclass(frozen=True, slots=True)
class Rendered:
    """The text as a patient reads it, and its hash."""

    document: Document
    language: str
    text: str

    @property
    def sha256(self) -> str:
        """SHA-256 of the UTF-8 text, in hexadecimal: what a signature is bound to."""
        return hashlib.sha256(self.text.encode()).hexdigest()


@cache
def documents() -> Mapping[str, Document]:
    """Every version by id."""
    found = [_read(folder) for folder in sorted(FOLDER.iterdir()) if folder.is_dir()]
    return {document.id: document for document in found}


def in_force(programme: str, on: date) -> Sequence[Document]:
    """The documents to sign in a programme on a day: the newest version of each code."""
    chosen: dict[str, Document] = {}
    for document in sorted(documents().values(), key=lambda one: (one.in_force_from, one.id)):
        if document.programme == programme and document.in_force_from <= on:
            chosen[document.code] = document
    return sorted(chosen.values(), key=lambda one: one.id)


def render(document: Document, clinic: Clinic, language: str) -> Rendered:
    """The text of a document as this clinic shows it in `ja` or `en`."""
    points = [point.in_language(language) for point in document.disclosures.values()]
    text = Template(document.body.in_language(language)).substitute(
        clinic=clinic.name_en if language == "en" else clinic.name,
        telephone=clinic.telephone,
        disclosures="\n".join(f"({number}) {point}" for number, point in enumerate(points, 1)),
    )
    return Rendered(document, language, text)


def _read(folder: Path) -> Document:
    meta: dict[str, Any] = tomllib.loads((folder / "meta.toml").read_text(encoding="utf-8"))
    body = {name: (folder / f"{name}.txt").read_text(encoding="utf-8") for name in LANGUAGES}
    return Document(
        id=folder.name,
        code=meta["code"],
        programme=meta["programme"],
        in_force_from=meta["in_force_from"],
        title=Text(**meta["title"]),
        body=Text(**body),
        disclosures={code: Text(**text) for code, text in meta.get("disclosures", {}).items()},
    )
