"""One account of each role in one clinic, each with a real session or key."""

from importlib import import_module
from types import SimpleNamespace

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

from backend import clock
from backend.kernel.actor import Role
from tests.factories import accounts


def clinic_with_everyone() -> SimpleNamespace:
    """A clinic, its people by role, and the Authorization header of each."""
    clinic = accounts.ClinicFactory()
    people = {
        Role.PATIENT: accounts.PatientFactory(clinic=clinic),
        Role.PHYSICIAN: accounts.PhysicianFactory(clinic=clinic, is_senior=True),
        Role.CLINIC_STAFF: accounts.StaffMemberFactory(clinic=clinic),
        Role.AUDITOR: accounts.AuditorFactory(clinic=clinic),
        Role.CLINIC_ADMINISTRATOR: accounts.AdministratorFactory(clinic=clinic),
        Role.PHARMACY_CLIENT: accounts.ApiClientFactory(
            pharmacy=accounts.PharmacyFactory(clinic=clinic)
        ),
    }
    bearers = {role: f"Bearer {_credential(who)}" for role, who in people.items()}
    return SimpleNamespace(clinic=clinic, people=people, bearers=bearers)


def _credential(who) -> str:
    if hasattr(who, "key_prefix"):
        return f"rx_test_{who.key_prefix}_secret"
    return session_of(who.user)


def session_of(user) -> str:
    """A session token, as signing in would make it, proved a moment ago."""
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session["account_authentication_methods"] = [
        {"method": "password", "at": clock.now().timestamp()}
    ]
    session.create()
    return str(session.session_key)
