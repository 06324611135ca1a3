"""What accounts refuses."""

from backend.kernel.errors import Forbidden, Refused, Unprocessable
from backend.kernel.text import Text


class SandboxOnly(Forbidden):
    """Test clocks exist in a sandbox only."""

    code = "sandbox_only"
    title = Text("サンドボックスでのみ使えます", "This exists in a sandbox only")


class ProfileExists(Refused):
    """One account has one profile."""

    code = "profile_exists"
    title = Text("プロフィールは登録済みです", "This account has its profile already")


class EmailTaken(Refused):
    """Another account has this address."""

    code = "email_taken"
    title = Text(
        "このメールアドレスは使われています", "Another account has this e-mail address already"
    )


class NotYourself(Refused):
    """So that a clinic never loses its last administrator."""

    code = "not_yourself"
    title = Text("自分自身を無効にはできません", "You cannot deactivate yourself")


class HasPassword(Refused):
    """The invitation was followed: a password is set."""

    code = "invitation_accepted"
    title = Text("招待はすでに受け入れられています", "The invitation was accepted already")


class ZoneIsSetByClinic(Forbidden):
    """The zone says which day it is: a patient who moves it could re-open a window that closed."""

    code = "zone_is_set_by_clinic"
    title = Text(
        "タイムゾーンの変更はクリニックにご連絡ください",
        "Ask the clinic to change your time zone",
    )


class BirthInFuture(Unprocessable):
    """Nobody is registered before birth."""

    code = "birth_in_future"
    title = Text("生年月日が未来の日付です", "The day of birth lies in the future")


class LicenceNumberRequired(Unprocessable):
    """A physician has a licence number; a date of its check needs one too (J-11)."""

    code = "licence_number_required"
    title = Text("医籍登録番号が必要です", "The licence number is required")


class ClockOnlyForward(Unprocessable):
    """A clock never goes back."""

    code = "clock_only_forward"
    title = Text("時計は未来にのみ進められます", "A clock only moves forward")


class ClockTooFar(Unprocessable):
    """At most 400 days at once."""

    code = "clock_too_far"
    title = Text("一度に進められるのは400日までです", "At most 400 days at once")
