"""Activate a rule pack that waits for it."""

from datetime import date, datetime
from uuid import UUID

from backend.accounts.models import Clinic, StaffMember
from backend.accounts.queries import clinic_of, user_of
from backend.audit.record import record
from backend.clock import civil_day
from backend.db import refused_by, service
from backend.kernel.actor import Actor, Role
from backend.kernel.errors import FieldError, Problem
from backend.outbox.emit import emit
from backend.protocol.pack import NoSuchPack, Pack, load
from backend.rulebook import events
from backend.rulebook.errors import (
    ActivationTooEarly,
    AlreadyActivated,
    PackChanged,
    PackNeedsNoActivation,
    PackOfOtherProgramme,
    SignerNotPhysician,
)
from backend.rulebook.models import PackActivation
from backend.rulebook.rules import PACK_ACTIVATIONS, first_day_of, sign_off_hash
from backend.rulebook.steps.keep_pack import keep_pack

LANGUAGES = ("ja", "en")


@service
def activate_pack(
    *,
    pack_version: str,
    in_force_on: date,
    reason: str,
    physician_id: UUID,
    lawyer: str,
    sign_off_sha256: str,
    by: Actor,
    at: datetime,
) -> PackActivation:
    """Let a pack answer for the actor's clinic from `in_force_on` on, where its patients live.

    `pack_version` and `sign_off_sha256` say what the physician and the lawyer have read. Raises
    NoSuchPack, PackNeedsNoActivation, PackOfOtherProgramme, ActivationTooEarly,
    SignerNotPhysician (422), PackChanged, AlreadyActivated (409).
    """
    clinic = clinic_of(by)
    pack = _pack(pack_version, clinic)
    _check_sign_off(pack, pack_version, sign_off_sha256)
    _check_day(pack, in_force_on, today=civil_day(at, clinic.zone))
    activation = PackActivation(
        clinic=clinic,
        pack=pack.id,
        pack_version=pack.version,
        in_force_on=in_force_on,
        reason=reason,
        physician=_physician(physician_id, clinic),
        lawyer=lawyer,
        sign_off_sha256=sign_off_sha256,
        activated_by=user_of(by),
        activated_at=at,
    )
    keep_pack(pack, at=at)
    with refused_by({"pack_activation_stands_once": AlreadyActivated}):
        activation.save(force_insert=True)
    facts = {
        "pack_version": pack.version,
        "in_force_on": in_force_on.isoformat(),
        "physician": activation.physician.ref,
        "sign_off_sha256": sign_off_sha256,
    }
    record(PACK_ACTIVATIONS["activate"].action, on=activation, by=by, at=at, facts=facts)
    payload = {
        "pack_activation_id": activation.ref,
        "clinic_id": clinic.ref,
        "pack": pack.id,
        "pack_version": pack.version,
        "in_force_on": in_force_on.isoformat(),
    }
    emit(events.PACK_ACTIVATED, at=at, payload=payload)
    return activation


def _pack(version: str, clinic: Clinic) -> Pack:
    """The pack of this id, if the clinic may activate it."""
    try:
        pack = load(version.partition("@")[0])
    except NoSuchPack as unknown:
        raise _at("/pack_version", unknown) from unknown
    if pack.programme != clinic.programme:
        raise _at("/pack_version", PackOfOtherProgramme())
    if not pack.waits_for_activation:
        raise _at("/pack_version", PackNeedsNoActivation())
    return pack


def _check_sign_off(pack: Pack, version: str, sha256: str) -> None:
    read = {sign_off_hash(pack, language) for language in LANGUAGES}
    if version != pack.version or sha256 not in read:
        raise PackChanged(extra={"pack_version": pack.version})


def _check_day(pack: Pack, in_force_on: date, *, today: date) -> None:
    first = first_day_of(pack, today=today)
    if in_force_on < first:
        raise _at("/in_force_on", ActivationTooEarly(extra={"first_day": first.isoformat()}))


def _physician(physician_id: UUID, clinic: Clinic) -> StaffMember:
    found = StaffMember.objects.filter(
        id=physician_id,
        clinic=clinic,
        user__role=Role.PHYSICIAN.value,
        deactivated_at=None,
    ).first()
    if found is None:
        raise _at("/physician", SignerNotPhysician())
    return found


def _at(pointer: str, problem: Problem) -> Problem:
    """The same problem, pointing to the field that is wrong."""
    problem.errors = [FieldError(pointer, problem.code, problem.detail or problem.title)]
    return problem
