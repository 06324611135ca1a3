"""The permission class: it reads the verb table and nothing else."""

from typing import Any

from django.conf import settings
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from backend.api.identity import actor_of, proved_by_two_factors, proved_lately
from backend.kernel.actor import Actor, Role
from backend.kernel.errors import Problem, Unauthenticated
from backend.kernel.text import Text


class FreshAuthenticationRequired(Problem):
    """The verb asks who you are once more: reauthenticate, then try again."""

    status = 403
    code = "reauthentication_required"
    title = Text(
        "再認証が必要です（5分以内）", "Prove again who you are (within the last five minutes)"
    )


class SecondFactorRequired(Problem):
    """A prescriber signs with two factors (feature 78): a password alone is not enough."""

    status = 403
    code = "second_factor_required"
    title = Text(
        "二要素認証が必要です。認証アプリを登録し、そのコードで再認証してください",
        "Two factors are needed: set up an authenticator app, then prove yourself with its code",
    )


class ProfileRequired(Problem):
    """The account is not anybody at a clinic yet."""

    status = 403
    code = "profile_required"
    title = Text(
        "先にプロフィールを登録してください（POST /v1/patients）",
        "Make your profile first (POST /v1/patients)",
    )


class InTable(BasePermission):
    """The role may do the verb that the view names for this method. Unknown means no."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """True, or False (403), or a problem that says what is missing (401, 403)."""
        verb = view.verb_for(request.method)
        actor = actor_of(request)
        if actor is None:
            raise Unauthenticated()
        if actor.role not in verb.roles:
            return False
        if actor.clinic_id is None and not verb.newcomers:
            raise ProfileRequired()
        if verb.fresh:
            _check_proof(request, actor)
        return True


def _check_proof(request: Request, actor: Actor) -> None:
    prescriber = actor.role is Role.PHYSICIAN
    if prescriber and settings.PRESCRIBER_MFA_REQUIRED and not proved_by_two_factors(request):
        raise SecondFactorRequired()
    if not proved_lately(request):
        raise FreshAuthenticationRequired()
