"""Take back the activation of a rule pack."""

from datetime import datetime
from uuid import UUID

from backend.accounts.queries import user_of
from backend.audit.record import record
from backend.db import check_version, save_changes, service
from backend.kernel.actor import Actor
from backend.outbox.emit import emit
from backend.rulebook import events
from backend.rulebook.models import PackActivation
from backend.rulebook.rules import PACK_ACTIVATIONS


@service
def withdraw_activation(
    *,
    activation_id: UUID,
    reason: str,
    expected_version: int | None = None,
    by: Actor,
    at: datetime,
) -> PackActivation:
    """Let the pack in force by its dates answer again from now on; what was decided stays.

    Raises NotAllowedFromHere (409) for one that is withdrawn already, Stale (412).
    """
    activation = (
        PackActivation.objects.select_for_update(of=("self",))
        .select_related("clinic", "physician")
        .get(id=activation_id)
    )
    PACK_ACTIVATIONS.check_move("withdraw", activation.status)
    check_version(activation, expected_version)
    activation.withdrawn_by, activation.withdrawn_at = user_of(by), at
    activation.withdrawal_reason = reason
    save_changes(activation, "withdrawn_by", "withdrawn_at", "withdrawal_reason")
    facts = {"pack_version": activation.pack_version}
    record(PACK_ACTIVATIONS["withdraw"].action, on=activation, by=by, at=at, facts=facts)
    payload = {
        "pack_activation_id": activation.ref,
        "clinic_id": activation.clinic.ref,
        "pack": activation.pack,
    }
    emit(events.PACK_WITHDRAWN, at=at, payload=payload)
    return activation
