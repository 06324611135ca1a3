"""How booking says no."""

from backend.kernel.errors import Forbidden, Refused, Unprocessable
from backend.kernel.text import Text


class SlotTaken(Refused):
    """Somebody else was first."""

    code = "slot_taken"
    title = Text("この時間枠は埋まっています", "The slot is taken")


class PatientBusy(Refused):
    """The patient has another visit at that time."""

    code = "patient_busy"
    title = Text("同じ時間帯に別の予約があります", "You have another visit at that time")


class TooManyOpenVisits(Refused):
    """The patient has as many open visits as one may have."""

    code = "too_many_open_visits"
    title = Text("予約の上限に達しています", "You have as many open bookings as possible")


class HoldExpired(Refused):
    """The time to confirm is over; the slot may be held anew if it is still free."""

    code = "hold_expired"
    title = Text("仮予約の有効期限が切れました", "The hold has expired")


class VisitIsOver(Refused):
    """The time of the visit has passed."""

    code = "visit_is_over"
    title = Text("診療時間は終了しています", "The time of the visit is over")


class VisitNotBegun(Refused):
    """Nobody has failed to show up before the visit begins."""

    code = "visit_not_begun"
    title = Text("まだ診療開始時刻ではありません", "The visit has not begun yet")


class RoomClosed(Refused):
    """The room is open only around the slot; `opens_at` and `closes_at` say when."""

    code = "room_closed"
    title = Text("現在は診療時間外です", "The room is not open now")


class NotYourVisit(Forbidden):
    """Only the visit's own physician may do this."""

    code = "not_your_visit"
    title = Text("担当医のみ可能です", "Only the visit's own physician may do this")


class NotYourHours(Forbidden):
    """A physician sets the own hours only."""

    code = "not_your_hours"
    title = Text("ご自身の診療時間のみ設定できます", "You may set your own hours only")


class SlotNotOffered(Unprocessable):
    """The physician offers no slot that begins then, or it has begun already."""

    code = "slot_not_offered"
    title = Text("この時刻に予約できる枠はありません", "No slot is offered at that time")
