"""Who acts: a person in a role, a pharmacy's client, or one of our own jobs."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    """The roles of the service; the verb tables speak in them."""

    PATIENT = "patient"
    PHYSICIAN = "physician"
    CLINIC_STAFF = "clinic_staff"
    PHARMACY_CLIENT = "pharmacy_client"
    AUDITOR = "auditor"
    CLINIC_ADMINISTRATOR = "clinic_administrator"
    JOB = "job"


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who does or sees something.

    `label` is what the audit trail keeps: it outlives the account (`physician:usr_01jq…`).
    `user_id` is set for people, `pharmacy_id` for pharmacy clients, `patient_id` for patients.
    """

    role: Role
    label: str
    clinic_id: UUID | None = None
    user_id: UUID | None = None
    patient_id: UUID | None = None
    pharmacy_id: UUID | None = None
    is_senior: bool = False


def job(name: str) -> Actor:
    """One of our own jobs as an actor, for example `job("relay")`."""
    return Actor(role=Role.JOB, label=f"job:{name}")
