"""What a reader may do with a thing, and why not where they may not: read from the verb table."""

from dataclasses import dataclass

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
    table: Verbs, name: str, *, status: str, actor: Actor, unless: Text | None = None
) -> Offer:
    """The offer of one verb on a thing in this status.

    `unless`: what else stands against it (a finding, an urgent task), in words for the reader.
    """
    verb = table[name]
    if actor.role not in verb.roles:
        return Offer(name, False, NOT_YOURS)
    try:
        table.check_move(name, status)
    except NotAllowedFromHere as refusal:
        return Offer(name, False, refusal.detail or refusal.title)
    return Offer(name, unless is None, unless, needs_proof=verb.fresh)
