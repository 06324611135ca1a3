"""What a reader may do with a thing, and why not where they may not: read from the verb table."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import override

from backend.kernel.actor import Actor
from backend.kernel.errors import NotAllowedFromHere
from backend.kernel.text import Text
from backend.kernel.verbs import Verbs

NOT_YOURS = Text("この操作は、あなたの権限ではできません。", "Your role does not allow this.")


@dataclass(frozen=True, slots=True)
class Offer:
    """A verb as a button: pressable exactly when the service would accept it."""

    verb: str
    is_possible: bool
    why_not: Text | None = None
    needs_proof: bool = False


def offer(
    table: Verbs,
    name: str,
    *,
    status: str,
    actor: Actor,
    unless: Text | None = None,
    states: Mapping[str, Any] | None = None,
) -> Offer:
    """The offer of one verb on a thing in this status; what is made anew has none ("").

    `unless`: what else stands against it (a finding, an urgent task), in words for the reader.
    `states`: what the statuses are called on the page, for the reason why not; no code is shown.
    """
    verb = table[name]
    if actor.role not in verb.roles:
        return Offer(name, False, NOT_YOURS)
    if verb.start and status not in verb.start:
        return Offer(name, False, _not_from_here((states or {}).get(status)))
    return Offer(name, unless is None, unless, needs_proof=verb.fresh)


def _not_from_here(state: Any) -> Text:
    """Why a status does not allow it: by its name where the page has one."""
    if state is None:
        return NotAllowedFromHere.title
    with override("ja"):
        ja = f"「{state}」のため、できません。"
    with override("en"):
        en = f"Not possible: {state}."
    return Text(ja, en)
