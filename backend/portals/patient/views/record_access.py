"""Who has seen my record: by day, in words; what went through the glass is marked."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from backend.api.paging import page_before
from backend.auditor.accesses import RecordAccess, Wanted, record_accesses
from backend.auditor.looks import note_read
from backend.auditor.rules import RECORD_ACCESSES
from backend.kernel.actor import Role
from backend.kernel.text import Text
from backend.portals.shell.door import page
from backend.portals.shell.visit import Visit

AT_ONCE = 50
VIEWS = {  # as the address says it: what is asked for, and its word
    "others": (Wanted(by="others"), _("Others")),
    "emergency": (Wanted(kind="emergency"), _("Emergency access")),
    "changed": (Wanted(kind="changed"), _("Changes")),
    "all": (Wanted(), _("All")),
}


@dataclass
class Access:
    """The same done by the same once or more often on one day; the newest first."""

    first: RecordAccess
    at: list[datetime] = field(default_factory=list)

    @property
    def shown(self) -> list[datetime]:
        """The latest three, each minute once."""
        by_minute = {each.replace(second=0, microsecond=0): each for each in reversed(self.at)}
        return list(by_minute.values())[::-1][:3]


@dataclass
class Day:
    """A civil day where the patient lives, and what was done on it."""

    on: date
    accesses: list[Access] = field(default_factory=list)


@page(RECORD_ACCESSES["list"], only=Role.PATIENT)
def record_access(visit: Visit) -> HttpResponse:
    """GET /me/record-accesses?view={others|emergency|changed|all}: newest first, in pages."""
    patient = visit.patient
    asked = visit.request.GET.get("view", "")
    view = asked if asked in VIEWS else "others"
    found = page_before(
        lambda before, count: record_accesses(
            visit.actor, VIEWS[view][0], before=before, count=count
        ),
        limit=AT_ONCE,
        cursor=visit.request.GET.get("cursor"),
        scope=f"{visit.request.path} {visit.actor.label} {view}",
    )
    note_read(RECORD_ACCESSES["list"], (row.pseudonym for row in found.rows), by=visit.actor)
    content = {
        "days": by_day(found.rows, patient.zone),
        "next_cursor": found.next_cursor,
        "view": view,
        "views": [(name, word) for name, (_wanted, word) in VIEWS.items()],
    }
    return visit.show("patient/record_accesses.html", content)


def by_day(rows: Sequence[RecordAccess], zone: str) -> list[Day]:
    """The accesses by civil day; the same one on a day is told once, with each time of it."""
    days: dict[date, dict[tuple[Text | str | bool | None, ...], Access]] = {}
    for row in rows:
        said = (row.who.words, row.what, row.why, row.is_refused, row.is_emergency)
        of_day = days.setdefault(row.at.astimezone(ZoneInfo(zone)).date(), {})
        of_day.setdefault(said, Access(row)).at.append(row.at)
    return [Day(on, list(found.values())) for on, found in days.items()]
