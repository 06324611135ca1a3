"""A clinic with one account of each role, each with a real session or key."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import transaction

from backend import clock
from backend.kernel.actor import Role
from tests.factories import accounts
from tests.factories.prescriptions import ready_patient


@contextmanager
def undone() -> Iterator[None]:
    """Whatever happens inside is rolled back. Services may begin inside, as in Django's TestCase.

    Made by hand because the world outlives a test, and a generated request does not.
    """
    block = transaction.atomic()
    block._from_testcase = True
    with block:
        yield
        transaction.set_rollback(True)


def clinic_with_everyone() -> SimpleNamespace:
    """A clinic, its people by role, and the Authorization header of each."""
    clinic = accounts.ClinicFactory()
    people = {
        Role.PATIENT: ready_patient(clinic=clinic),
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


def strangers_to(world: SimpleNamespace) -> dict[Role, list[Any]]:
    """Accounts from whom everything of the world is hidden: another clinic's, and in the same
    clinic another patient and another pharmacy."""
    elsewhere = clinic_with_everyone().people
    found = {role: [who] for role, who in elsewhere.items()}
    found[Role.PATIENT].append(accounts.PatientFactory(clinic=world.clinic))
    neighbour = accounts.PharmacyFactory(clinic=world.clinic, kind="community")
    found[Role.PHARMACY_CLIENT].append(accounts.ApiClientFactory(pharmacy=neighbour))
    return found


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
    at = clock.now().timestamp()
    session["account_authentication_methods"] = [
        {"method": "password", "at": at},
        {"method": "mfa", "type": "totp", "at": at},
    ]
    session.create()
    return str(session.session_key)
