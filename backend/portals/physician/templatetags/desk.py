"""What the physician's templates may use: the urgent banner, and durations in words."""

from datetime import timedelta
from typing import Any

from django import template
from django.utils.translation import gettext as _

from backend.care.models import EmergencyAccess
from backend.portals.physician.glass import open_accesses
from backend.portals.physician.urgent import Urgent, urgent_tasks

register = template.Library()


@register.simple_tag(takes_context=True)
def urgent(context: dict[str, Any]) -> Urgent:
    """The clinic's open urgent tasks; one query, unless the page asked it already."""
    known: Urgent | None = context.get("urgent_now")
    return known or urgent_tasks(context["actor"])


@register.simple_tag(takes_context=True)
def glass(context: dict[str, Any]) -> list[EmergencyAccess]:
    """The reader's emergency accesses, on a page that is seen through one; else nothing."""
    return open_accesses(context["actor"])


@register.filter
def lasting(duration: timedelta) -> str:
    """A duration in the units that matter, two at most: `3 d 4 h`, `2 h 5 min`, `1 d`, `12 min`."""
    minutes = int(duration.total_seconds()) // 60
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days and hours:
        return _("%(days)s d %(hours)s h") % {"days": days, "hours": hours}
    if days:
        return _("%(days)s d") % {"days": days}
    if hours and rest:
        return _("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": rest}
    if hours:
        return _("%(hours)s h") % {"hours": hours}
    return _("%(minutes)s min") % {"minutes": rest}
