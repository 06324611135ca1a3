"""Who may ask the rule book what-if questions, read it, and activate its packs."""

import hashlib
from datetime import date
from enum import StrEnum

from backend.kernel.actor import Role
from backend.kernel.verbs import Verbs, verb
from backend.protocol.pack import Pack

AT_CLINIC = (
    Role.PHYSICIAN,
    Role.CLINIC_STAFF,
    Role.AUDITOR,
    Role.CLINIC_ADMINISTRATOR,
)
READERS = (*AT_CLINIC, Role.PHARMACY_CLIENT)


class ActivationStatus(StrEnum):
    """A standing activation lets its pack answer from its day on; a withdrawn one is history."""

    STANDING = "standing"
    WITHDRAWN = "withdrawn"


A = ActivationStatus
# A pharmacy client asks with a sandbox key only; the view sees to that.
ASSESSMENTS = Verbs("assessment", (), verb("ask", Role.PHYSICIAN, Role.PHARMACY_CLIENT))
RULES = Verbs("rule", (), verb("list", *READERS))
RULE_PACKS = Verbs("rule_pack", (), verb("list", *READERS), verb("read", *READERS))
PACK_ACTIVATIONS = Verbs(
    "pack_activation",
    ActivationStatus,
    verb("list", *AT_CLINIC),
    verb("read", *AT_CLINIC),
    verb("activate", Role.CLINIC_ADMINISTRATOR, to=(A.STANDING,), fresh=True),
    verb(
        "withdraw",
        Role.CLINIC_ADMINISTRATOR,
        start=(A.STANDING,),
        to=(A.WITHDRAWN,),
        fresh=True,
    ),
)
TABLES = (ASSESSMENTS, RULES, RULE_PACKS, PACK_ACTIVATIONS)


def first_day_of(pack: Pack, *, today: date) -> date:
    """The first day from which a pack may be activated: not in the past, not before its own."""
    return max(today, pack.in_force_from)


def sign_off_hash(pack: Pack, language: str) -> str:
    """The SHA-256 of the text that is signed off (UTF-8), in lower case hexadecimal."""
    return hashlib.sha256(pack.sign_off.in_language(language).encode()).hexdigest()
