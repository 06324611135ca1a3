"""Consent documents as pages: paragraphs, headings, points to tick, and what it all means."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from backend.accounts.models import Patient
from backend.clock import civil_day
from backend.intake.documents import Document, in_force
from backend.intake.models import ConsentSignature
from backend.portals.shell.visit import Visit

ORDER = ("online_care", "personal_data", "treatment", "disclosures")
_HEADING = re.compile(r"\d+\. (?=\S)")
_POINT = re.compile(r"\(\d+\) ")

NEEDED_FOR: Mapping[str, Promise] = {
    "online_care": _("Needed before the physician may see you by video."),
    "personal_data": _("Needed before the clinic may keep your record and treat you."),
    "treatment": _("Needed before the physician may prescribe."),
    "disclosures": _("Needed before a medicine that Japan has not approved may be prescribed."),
}
IN_SHORT: Mapping[str, Sequence[Promise]] = {
    "online_care": (
        _("The physician sees you by video, which shows less than a visit in person."),
        _("You may be asked to come in person, and you may ask for it yourself."),
        _("Who you are is checked, and nobody records without a yes from both sides."),
    ),
    "personal_data": (
        _("Your health data is used for your care, and never for advertising."),
        _("The pharmacy learns only what it needs to hand over your medicine."),
        _("You may read your record, and who looked at it, at any time."),
    ),
    "treatment": (
        _("It usually takes four to six months, and acne may flare up in the first two weeks."),
        _("It harms an unborn child: no pregnancy during treatment and for a month after it."),
        _("Low mood, severe headache or stomach pain: stop the medicine and call at once."),
        _("You may stop at any time."),
    ),
    "disclosures": (
        _("Japan has not approved this medicine, and public insurance does not pay for it."),
        _("The national relief system does not cover harm by it."),
        _("Eight points are to be read and ticked one by one."),
    ),
}


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a document: an optional heading with its text, or a list of points."""

    heading: str = ""
    text: str = ""
    points: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class Paper:
    """A document of the list: whether it is signed, by which signature."""

    document: Document
    signature: ConsentSignature | None
    needed_for: Promise | str = ""
    in_short: Sequence[Promise] = field(default_factory=tuple)


def blocks_of(text: str, document: Document | None) -> list[Block]:
    """The paragraphs of a rendered text; its first line is the title and is left out.

    The points of the disclosures come with their codes, in the order of the text.
    """
    first, *rest = [part.strip() for part in text.strip().split("\n\n") if part.strip()]
    _title, _sep, more = first.partition("\n")
    parts = [more, *rest] if more else rest
    return [_block(part, document) for part in parts]


def _block(part: str, document: Document | None) -> Block:
    if _POINT.match(part):
        texts = [_POINT.sub("", line, count=1) for line in part.split("\n")]
        codes = list(document.disclosures) if document else [""] * len(texts)
        return Block(points=list(zip(codes, texts, strict=True)))
    if _HEADING.match(part):
        heading, _sep, text = part.partition("\n")
        return Block(heading=heading, text=text)
    return Block(text=part)


def papers(visit: Visit, patient: Patient, signatures: Sequence[ConsentSignature]) -> list[Paper]:
    """The documents in force for the patient today, in the order in which they make sense."""
    standing = {row.document: row for row in signatures if row.withdrawn_at is None}
    wanted = in_force(patient.clinic.programme, civil_day(visit.now, patient.zone))
    found = [
        Paper(
            document,
            standing.get(document.id),
            NEEDED_FOR.get(document.code, ""),
            IN_SHORT.get(document.code, ()),
        )
        for document in wanted
    ]
    return sorted(found, key=lambda paper: _place(paper.document.code))


def _place(code: str) -> int:
    return ORDER.index(code) if code in ORDER else len(ORDER)
