"""One way to say no. What each answer becomes over HTTP stands in `backend.api.problems`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from backend.kernel.text import Text


@dataclass(frozen=True, slots=True)
class FieldError:
    """One thing wrong with one field; `pointer` is an RFC 6901 JSON pointer into the body."""

    pointer: str
    code: str
    detail: Text


@dataclass(eq=False)
class Problem(Exception):
    """A request that gets no effect.

    `code` is a published contract: clients switch on it, so it never changes.
    `detail` is read by the person who asked; write it for them.
    `extra` is added to the answer as further members (RFC 9457, section 3.2).
    """

    detail: Text | None = None
    errors: Sequence[FieldError] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)

    status: ClassVar[int] = 400
    code: ClassVar[str] = "invalid_request"
    title: ClassVar[Text] = Text("リクエストを処理できません", "The request cannot be processed")

    def __str__(self) -> str:
        return (self.detail or self.title).en


class Invalid(Problem):
    """The body or a parameter is not well formed (400); `errors` says where."""

    code = "invalid_request"
    title = Text("入力内容に誤りがあります", "The input is not valid")


class Unauthenticated(Problem):
    """Nobody is signed in, or the credentials are not good (any more)."""

    status = 401
    code = "not_authenticated"
    title = Text("ログインが必要です", "Sign in first")


class Forbidden(Problem):
    """The role may not do this, whatever the object."""

    status = 403
    code = "not_permitted"
    title = Text("この操作は許可されていません", "This is not permitted")


class NotFound(Problem):
    """There is no such thing for this person: absent and foreign look the same."""

    status = 404
    code = "not_found"
    title = Text("見つかりません", "Not found")


class Refused(Problem):
    """A rule was asked and the answer is no. Expected; never logged as a bug."""

    status = 409
    code = "refused"
    title = Text("現在この操作はできません", "This cannot be done now")


class RefusedWithEffect(Refused):
    """A no that is an act itself: what the use case did before it said so stays.

    `backend.db.service` commits and raises it then; every other problem rolls back. A use case
    raises it last, outside any savepoint, once all that belongs to the act is written.
    """

    code = "refused_with_effect"


class LeaseLost(Refused):
    """The lease ran out and another worker has the row, or it was cancelled meanwhile."""

    code = "lease_lost"
    title = Text("この処理の担当ではなくなりました", "The lease on this work was lost")


class NotAllowedFromHere(Refused):
    """The object's status does not allow the verb."""

    code = "not_allowed_from_here"
    title = Text("現在の状態ではこの操作はできません", "Not possible in the present status")


class Stale(Problem):
    """If-Match names a version that is not the present one."""

    status = 412
    code = "version_stale"
    title = Text("他の更新がありました。読み直してください", "It has changed since; read it again")


class Unprocessable(Problem):
    """Well formed, but the facts do not allow it; `errors` or `extra` says which."""

    status = 422
    code = "unprocessable"
    title = Text("この内容では受け付けられません", "Cannot be accepted as it is")


class PreconditionRequired(Problem):
    """If-Match is missing on a change."""

    status = 428
    code = "if_match_required"
    title = Text("If-Match ヘッダーが必要です", "The If-Match header is required")


class Unavailable(Problem):
    """Something the act needs is out of reach; nothing happened; trying again is right."""

    status = 503
    code = "unavailable"
    title = Text("一時的に利用できません", "Temporarily unavailable")
