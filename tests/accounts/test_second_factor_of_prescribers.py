"""The permission class, asked as a view would ask it (feature 78)."""

import time
from types import SimpleNamespace

import pytest

from backend.api.permissions import FreshAuthenticationRequired, InTable, SecondFactorRequired
from backend.kernel.actor import Role
from backend.kernel.verbs import Verbs, verb
from tests.factories.accounts import PhysicianFactory, StaffMemberFactory

pytestmark = pytest.mark.django_db
TABLE = Verbs(
    "letter",
    (),
    verb("sign", Role.PHYSICIAN, Role.CLINIC_STAFF, fresh=True),
    verb("read", Role.PHYSICIAN),
)


def proof(method, seconds_ago=0):
    return {"method": method, "at": time.time() - seconds_ago}


def allowed(member, name, *proofs):
    request = SimpleNamespace(
        user=member.user,
        auth={"account_authentication_methods": list(proofs)},
        method="POST",
    )
    view = SimpleNamespace(verb_for=lambda _method: TABLE[name])
    return InTable().has_permission(request, view)


def test_a_physician_signs_after_two_factors():
    assert allowed(PhysicianFactory(), "sign", proof("password"), proof("mfa"))


def test_a_password_alone_does_not_sign():
    with pytest.raises(SecondFactorRequired):
        allowed(PhysicianFactory(), "sign", proof("password"))


def test_an_old_second_factor_with_a_fresh_password_signs():
    assert allowed(PhysicianFactory(), "sign", proof("mfa", 3600), proof("password"))


def test_two_factors_long_ago_do_not_sign():
    with pytest.raises(FreshAuthenticationRequired):
        allowed(PhysicianFactory(), "sign", proof("password", 3600), proof("mfa", 3600))


def test_reading_asks_for_no_second_factor():
    assert allowed(PhysicianFactory(), "read", proof("password", 3600))


def test_others_than_prescribers_sign_with_a_fresh_password():
    assert allowed(StaffMemberFactory(), "sign", proof("password"))


@pytest.mark.parametrize("method", ["code", "password_reset"])
def test_a_mailbox_alone_signs_nothing(method):
    with pytest.raises(FreshAuthenticationRequired):
        allowed(StaffMemberFactory(), "sign", proof(method))
    with pytest.raises(FreshAuthenticationRequired):
        allowed(PhysicianFactory(), "sign", proof(method), proof("mfa", 3600))


def test_a_sandbox_may_do_without(settings):
    settings.PRESCRIBER_MFA_REQUIRED = False

    assert allowed(PhysicianFactory(), "sign", proof("password"))
