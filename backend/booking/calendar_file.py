"""A visit as a calendar file (RFC 5545) that gives nothing away."""

from datetime import date
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone

from backend.booking.models import Visit
from backend.booking.rules import VisitStatus

SUMMARY = "オンライン診療"
_STATUS = {
    VisitStatus.HELD.value: "TENTATIVE",
    VisitStatus.CANCELLED.value: "CANCELLED",
    VisitStatus.EXPIRED.value: "CANCELLED",
    VisitStatus.NO_SHOW.value: "CANCELLED",
}


def calendar_file(visit: Visit) -> bytes:
    """One event in the patient's zone with its VTIMEZONE.

    The UID never changes and SEQUENCE is the row's version, so that a later file replaces an
    earlier one. The bytes depend on the row alone: no clock is read.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Suhada//Suhada//JA")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    zone = ZoneInfo(visit.patient.zone)
    begins = visit.starts_at.astimezone(zone)
    if zone.key != "UTC":
        calendar.add_component(
            Timezone.from_tzid(
                zone.key,
                first_date=date(begins.year - 1, 1, 1),
                last_date=date(begins.year + 2, 1, 1),
            )
        )
    event = Event()
    event.add("uid", f"{visit.ref}@suhada")
    event.add("sequence", visit.version)
    event.add("dtstamp", visit.cancelled_at or visit.confirmed_at or visit.created_at)
    event.add("dtstart", begins)
    event.add("dtend", visit.ends_at.astimezone(zone))
    event.add("summary", SUMMARY)
    event.add("class", "PRIVATE")
    event.add("status", _STATUS.get(visit.status, "CONFIRMED"))
    calendar.add_component(event)
    return bytes(calendar.to_ical())
