"""The permission class: it reads the verb table and nothing else."""

from typing import Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from backend.api.identity import actor_of, proved_lately
from backend.kernel.errors import Problem, Unauthenticated
from backend.kernel.text import Text


class FreshAuthenticationRequired(Problem):
    """The verb asks who you are once more: reauthenticate, then try again."""

    status = 403
    code = "reauthentication_required"
    title = Text(
        "再認証が必要です（5分以内）", "Prove again who you are (within the last five minutes)"
    )


class InTable(BasePermission):
    """The role may do the verb that the view names for this method. Unknown means no."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """True, or False (403), Unauthenticated (401), FreshAuthenticationRequired (403)."""
        verb = view.verb_for(request.method)
        actor = actor_of(request)
        if actor is None:
            raise Unauthenticated()
        if actor.role not in verb.roles:
            return False
        if verb.fresh and not proved_lately(request):
            raise FreshAuthenticationRequired()
        return True
