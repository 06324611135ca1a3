"""The demonstration's people: in a sandbox that was given their password, one press signs in.

Their addresses end with `.example`, which nobody can own (RFC 2606), so no real account is shown.
"""

from dataclasses import dataclass

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
MOST = 12
_ORDER = (
    (Role.PATIENT, _("Patient")),
    (Role.PHYSICIAN, _("Physician")),
    (Role.AUDITOR, _("Auditor")),
    (Role.CLINIC_STAFF, _("Clinic staff")),
    (Role.CLINIC_ADMINISTRATOR, _("Clinic administrator")),
)
_ROLES = {role.value: number for number, (role, _word) in enumerate(_ORDER)}


@dataclass(frozen=True)
class Invented:
    """One person of the demonstration, as the front page shows them."""

    name: str
    role: str
    email: str
    has_pages: bool


def password() -> str:
    """The password of the demonstration's people; empty where there is no demonstration."""
    return settings.DEMONSTRATION_PASSWORD if settings.SANDBOX else ""


def people() -> list[Invented]:
    """Whom one may sign in as; nobody outside a demonstration."""
    if not password():
        return []
    found = sorted(_accounts()[:MOST], key=lambda user: (_ROLES.get(user.role, 9), user.email))
    return [_invented(user) for user in found]


@require_POST
def sign_in_as(request: HttpRequest) -> HttpResponse:
    """POST /account/demonstration: sign out, then sign in as one of them, with the password.

    It goes through the sign-in page's own view, so a second factor, limits and entries are as
    for everybody. Raises NotFound for any other account, and outside a demonstration.
    """
    known = _accounts().filter(email=request.POST.get("login", "").lower())
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
    number = _ROLES.get(user.role)
    who = getattr(user, "patient", None) or getattr(user, "staff_member", None)
    return Invented(
        name=who.name if who else user.email,
        role=str(_ORDER[number][1]) if number is not None else user.role,
        email=user.email,
        has_pages=number is not None and number < 3,
    )
