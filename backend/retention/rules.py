"""How long records are kept, what a hold is, and who may do what. Plain Python.

Nothing is erased by itself: the clock only says whose period is over, and a person acts.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from backend.kernel.actor import Role
from backend.kernel.verbs import Verbs, verb


class HoldStatus(StrEnum):
    """A hold stands until somebody lifts it."""

    PLACED = "placed"
    LIFTED = "lifted"


class HoldReason(StrEnum):
    """Why a record must not be erased, whatever its age."""

    LITIGATION = "litigation"
    REGULATOR = "regulator"
    COMPLAINT = "complaint"
    ADVERSE_EVENT = "adverse_event"
    OTHER = "other"


class ErasureReason(StrEnum):
    """Why a record is erased. A wish shortens no period."""

    RETENTION_ENDED = "retention_ended"
    PATIENT_REQUEST = "patient_request"


@dataclass(frozen=True, slots=True)
class Period:
    """How long a record is kept after its last entry, and by which law.

    `years`: after the civil day of the last entry, that day not counted. `minor_until_age`: who
    was under 18 at the last entry is kept at least until that birthday; 0: no such rule.
    """

    years: int
    minor_until_age: int
    source: str


# By programme (a clinic's). What is least stands in the database too (migration 0002), which
# refuses an erasure before that whatever the settings say.
PERIODS: Mapping[str, Period] = {
    # J-15: Medical Practitioners' Act, article 24 (2): charts, from the end of the treatment.
    "jp": Period(5, 0, "医師法第24条第2項 (J-15)"),
    # HIPAA's documentation rule; New York, 8 NYCRR 29.2 (a) (3): minors until 22.
    "us": Period(6, 22, "45 CFR 164.316(b)(2)(i) (X-01); 8 NYCRR 29.2(a)(3)"),
    # NHS England, Records Management Code of Practice, appendix II: adults 8 years, children
    # until 25, until 26 where they were 17 at the end; the later one for all of them.
    "uk": Period(8, 26, "NHS England, Records Management Code of Practice, Appendix II"),
    # The programme does not say which state: France keeps longest (20 years); Germany's 10 years
    # (section 630f (3) BGB) are the least that may be set.
    "eu": Period(20, 0, "Code de la santé publique R1112-7; BGB §630f(3)"),
}
LEAST_YEARS: Mapping[str, int] = {"jp": 5, "us": 6, "uk": 8, "eu": 10}
ADULT_AGE = 18
SHORTEST_REASON = 10  # characters


def period_of(programme: str, years: Mapping[str, int]) -> Period:
    """The period of a programme, its years as set; the longest of each for one that is unknown."""
    if programme not in PERIODS:
        longest = max(PERIODS.values(), key=lambda period: period.years)
        most = max(*years.values(), longest.years)
        return Period(most, max(p.minor_until_age for p in PERIODS.values()), longest.source)
    known = PERIODS[programme]
    return Period(years.get(programme, known.years), known.minor_until_age, known.source)


H = HoldStatus
OVERSIGHT = (Role.AUDITOR, Role.CLINIC_ADMINISTRATOR)

LEGAL_HOLDS = Verbs(
    "legal_hold",
    HoldStatus,
    verb("list", *OVERSIGHT),
    verb("place", Role.AUDITOR, to=(H.PLACED,)),
    verb("read", *OVERSIGHT),
    verb("lift", Role.AUDITOR, start=(H.PLACED,), to=(H.LIFTED,), fresh=True),
)
ENDED_RETENTIONS = Verbs(
    "ended_retention",
    (),
    verb("list", *OVERSIGHT, Role.CLINIC_STAFF),
    verb("review", Role.JOB),
)
ERASURES = Verbs("erasure", (), verb("list", *OVERSIGHT))
TABLES = (LEGAL_HOLDS, ENDED_RETENTIONS, ERASURES)
