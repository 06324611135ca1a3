"""Who stands behind the labels of the trail (`physician:usr_…`), in words that a patient knows."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from backend.accounts.models import ApiClient, StaffMember
from backend.auditor.words import named, word
from backend.kernel.actor import Actor, Role
from backend.kernel.ids import NotAnId, parse_id
from backend.kernel.text import Text

OPERATOR, SIGN_IN = "job:operator", "job:sign_in"
DATABASE = "database"


@dataclass(frozen=True, slots=True)
class Who:
    """Somebody who did something.

    `role`: one of the service's roles, or `database` for what was done beside the service.
    `name`: of a member of the clinic's staff or of a pharmacy; empty for everybody else.
    """

    role: str
    name: str
    words: Text
    is_you: bool = False


class People:
    """The people and pharmacies behind some labels, as one viewer may know them. Two queries."""

    def __init__(self, labels: Iterable[str], *, viewer: Actor) -> None:
        """Look all of them up at once."""
        parted = {label: label.partition(":")[::2] for label in labels}
        self._viewer = viewer
        self._staff = _staff(ref for role, ref in parted.values() if role in _STAFF)
        self._clients = _clients(ref for role, ref in parted.values() if role == _PHARMACY)

    def who(self, label: str) -> Who:
        """The one behind a label; other patients and other clinics' people without a name."""
        role, _, ref = label.partition(":")
        if role == Role.PATIENT:
            return self._patient(label)
        if role in (Role.JOB, DATABASE):
            return Who(role, "", _of_the_service(label, role))
        if role == _PHARMACY:
            client = self._clients.get(ref)
            return _called(role, client.pharmacy.name if client else "")
        member = self._staff.get(ref)
        if member is not None and member.clinic_id != self._viewer.clinic_id:
            return Who(role, "", word("elsewhere", role=named(role, "roles")))
        return _called(role, member.name if member else "")

    def _patient(self, label: str) -> Who:
        if self._viewer.role is not Role.PATIENT:
            return Who(Role.PATIENT.value, "", word(Role.PATIENT.value, "roles"))
        is_you = label == self._viewer.label
        return Who(Role.PATIENT.value, "", word("you" if is_you else "another_patient"), is_you)


_PHARMACY = Role.PHARMACY_CLIENT.value
_STAFF = frozenset(
    {
        Role.PHYSICIAN.value,
        Role.CLINIC_STAFF.value,
        Role.AUDITOR.value,
        Role.CLINIC_ADMINISTRATOR.value,
    }
)


def _staff(refs: Iterable[str]) -> dict[str, StaffMember]:
    rows = StaffMember.objects.filter(user_id__in=_ids("usr", refs)).select_related("user")
    return {row.user.ref: row for row in rows}


def _clients(refs: Iterable[str]) -> dict[str, ApiClient]:
    rows = ApiClient.objects.filter(id__in=_ids("cli", refs)).select_related("pharmacy")
    return {row.ref: row for row in rows}


def _ids(prefix: str, refs: Iterable[str]) -> set[UUID]:
    found = set()
    for ref in refs:
        try:
            found.add(parse_id(prefix, ref))
        except NotAnId:  # a label that no account has: it is shown without a name
            continue
    return found


def _called(role: str, name: str) -> Who:
    said = named(role, "roles")
    if not name:
        return Who(role, "", word("gone", role=said))
    return Who(role, name, word("somebody", role=said, name=Text(name, name)))


def _of_the_service(label: str, role: str) -> Text:
    if label in (OPERATOR, SIGN_IN):
        return word("operator" if label == OPERATOR else "sign_in_door")
    return word(role, "roles")
