"""The room in which they meet: a port for video systems, and when its door is open."""

from datetime import datetime
from typing import Protocol

from django.conf import settings

from backend.audit.record import instant
from backend.booking.errors import RoomClosed
from backend.booking.models import Visit
from backend.booking.rules import CLOSES_AFTER, OPENS_BEFORE, is_open_now


class VideoProvider(Protocol):
    """A video system."""

    def room_url(self, visit: Visit) -> str:
        """The address of the visit's room. It says nothing about who meets there, or why."""
        ...


class JitsiRooms:
    """Rooms of a self-hosted Jitsi: the random name is all that opens them."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url.rstrip("/")

    def room_url(self, visit: Visit) -> str:
        """`https://meet.example/<random name>`."""
        return f"{self.base_url}/{visit.room}"


def provider() -> VideoProvider:
    """The video system of this installation (VIDEO_URL)."""
    return JitsiRooms(settings.VIDEO_URL)


def check_room_open(visit: Visit, at: datetime) -> None:
    """Raise RoomClosed (409) unless `at` is around the slot: -10 to +30 minutes."""
    if not is_open_now(visit.starts_at, visit.ends_at, at):
        raise RoomClosed(
            extra={
                "opens_at": instant(visit.starts_at - OPENS_BEFORE),
                "closes_at": instant(visit.ends_at + CLOSES_AFTER),
            }
        )
