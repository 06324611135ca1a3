"""Until when an approved prescription may be handed over. Asks the rules; counts nothing itself."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from backend.protocol.assess import assess
from backend.protocol.case import Case
from backend.protocol.days import civil_day
from backend.protocol.pack import Pack

# docs/domain.md, Dispensing: the rules that close a window as days go by.
WINDOWS = frozenset({"P-JP-02", "J-17", "P-US-09", "P-US-11", "P-US-14", "P-PP-06", "W-02"})


def last_day_to_dispense(case: Case, pack: Pack) -> date:
    """The last civil day, where the patient lives, on which no window of the pack has closed.

    `case` is that of the approval, with `prescription.issued_on`. Never before the day of issue,
    and never longer than the longest window of the pack (visit_window, days). A window that is
    closed stays closed, so the day is found by halving.
    Source: P-JP-02, J-17, P-US-09, P-US-11, P-US-14, P-PP-06, W-02.
    """
    zone = case.patient.zone or "UTC"
    first = civil_day(case.now, zone)
    open_days, closed_days = 0, pack.whole("visit_window")
    while closed_days - open_days > 1:
        middle = (open_days + closed_days) // 2
        if _is_open(case, pack, first + timedelta(days=middle), zone):
            open_days = middle
        else:
            closed_days = middle
    return first + timedelta(days=open_days)


def _is_open(case: Case, pack: Pack, day: date, zone: str) -> bool:
    noon = datetime.combine(day, time(12), ZoneInfo(zone)).astimezone(UTC)
    asked = assess(replace(case, now=noon), pack, "dispense")
    # What is unknown is held elsewhere; it does not close with the days.
    return not any(f.rule in WINDOWS and not f.missing for f in asked.findings)
