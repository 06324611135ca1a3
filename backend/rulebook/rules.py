"""Who may ask the rule book what-if questions, and who may read it."""

from backend.kernel.actor import Role
from backend.kernel.text import Text
from backend.kernel.verbs import Verbs, verb

READERS = (
    Role.PHYSICIAN,
    Role.CLINIC_STAFF,
    Role.AUDITOR,
    Role.CLINIC_ADMINISTRATOR,
    Role.PHARMACY_CLIENT,
)
# A pharmacy client asks with a sandbox key only; the view sees to that.
ASSESSMENTS = Verbs("assessment", (), verb("ask", Role.PHYSICIAN, Role.PHARMACY_CLIENT))
RULE_PACKS = Verbs("rule_pack", (), verb("list", *READERS), verb("read", *READERS))
TABLES = (ASSESSMENTS, RULE_PACKS)

SIGN_OFF = Text(
    "使用前に、クリニックの責任医師がすべての数値（特に信頼度 DESIGN のもの）を確認し、"
    "その国の医療法規に詳しい弁護士とともに承認する必要があります。"
    "これは診療を支援する情報であり、処方の判断は医師が行います。",
    "Before use, the clinic's responsible physician must confirm every number (above all those of "
    "confidence DESIGN) and sign the pack off, together with a lawyer who knows the country's "
    "medical law. It is decision support: the physician decides.",
)
