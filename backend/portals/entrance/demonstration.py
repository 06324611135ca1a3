"""The demonstration's people: in a sandbox that was given their password, one press signs in.

Their addresses end with `.example`, which nobody can own (RFC 2606), so no real account is shown.
"""

from dataclasses import dataclass
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.views import login
from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from backend.accounts.models import User
from backend.kernel.actor import Role
from backend.kernel.errors import NotFound

INVENTED = ".example"
MOST = 24
_GROUPS: tuple[tuple[Any, Any, tuple[Role, ...]], ...] = (
    (_("Physicians"), _("Prescriptions wait for a decision."), (Role.PHYSICIAN,)),
    (_("Patients"), _("Visits, medicine and check-ins, made for the phone."), (Role.PATIENT,)),
    (_("Auditors"), _("Who did what, and who looked."), (Role.AUDITOR,)),
    (
        _("Clinic"),
        _("Reception and administration use the API for now."),
        (Role.CLINIC_STAFF, Role.CLINIC_ADMINISTRATOR),
    ),
)
_WITHOUT_PAGES = {Role.CLINIC_STAFF.value, Role.CLINIC_ADMINISTRATOR.value}


@dataclass(frozen=True)
class Invented:
    """One person of the demonstration, as the front page shows them."""

    name: str
    email: str
    has_pages: bool


@dataclass(frozen=True)
class Group:
    """People of one role, and what there is to do for them."""

    called: Any
    does: Any
    people: list[Invented]


def password() -> str:
    """The password of the demonstration's people; empty where there is no demonstration."""
    return settings.DEMONSTRATION_PASSWORD if settings.SANDBOX else ""


def password_of(user: User) -> str:
    """The password of somebody who is invented; empty for everybody else."""
    return password() if user.email.endswith(INVENTED) else ""


def groups() -> list[Group]:
    """Whom one may sign in as, by role; nobody outside a demonstration."""
    if not password():
        return []
    found = list(_accounts()[:MOST])
    made = (
        Group(called, does, [_invented(user) for user in found if user.role in roles])
        for called, does, roles in _GROUPS
    )
    return [group for group in made if group.people]


@require_POST
def sign_in_as(request: HttpRequest) -> HttpResponse:
    """POST /account/demonstration: sign out, then sign in as one of them, with the password.

    It goes through the sign-in page's own view, so a second factor, limits and entries are as
    for everybody. Raises NotFound for any other account, and outside a demonstration.
    """
    known = _accounts().filter(email=request.POST.get("login", "").replace("\0", "").lower())
    if not password() or not known.exists():
        raise NotFound()
    if request.user.is_authenticated:
        get_adapter(request).logout(request)
    form = request.POST.copy()
    form["password"] = password()
    request.POST = form  # type: ignore[assignment]  # immutable only by convention
    answer: HttpResponse = login(request)
    return answer


def _accounts() -> QuerySet[User]:
    with_names = User.objects.select_related("patient", "staff_member")
    return with_names.filter(is_active=True, email__endswith=INVENTED).order_by("id")


def _invented(user: User) -> Invented:
    who = getattr(user, "patient", None) or getattr(user, "staff_member", None)
    return Invented(
        name=who.name if who else user.email,
        email=user.email,
        has_pages=user.role not in _WITHOUT_PAGES,
    )
