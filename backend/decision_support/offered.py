"""The services that discovery offers (CDS Hooks 2.0, Discovery)."""

from dataclasses import dataclass
from typing import Any

from backend.kernel.text import Text

_USAGE = Text(
    "医師本人のセッショントークンを Bearer で送り、Patient.id にこのサービスの患者 ID（pt_…）、"
    "MedicationRequest の identifier または id に処方 ID（rx_…）を指定してください。",
    "Send the physician's own session token as Bearer; Patient.id is this service's patient id "
    "(pt_…), and an identifier or the id of a MedicationRequest its prescription id (rx_…).",
)


@dataclass(frozen=True, slots=True)
class Service:
    """One service of one hook. It asks for no prefetch: the facts are this service's own."""

    id: str
    hook: str
    title: Text
    description: Text

    def as_json(self, language: str) -> dict[str, Any]:
        """Its entry in the answer of the discovery endpoint."""
        return {
            "id": self.id,
            "hook": self.hook,
            "title": self.title.in_language(language),
            "description": self.description.in_language(language),
            "usageRequirements": _USAGE.in_language(language),
        }


SERVICES = (
    Service(
        "isotretinoin-order-sign",
        "order-sign",
        Text("イソトレチノイン処方の判定（署名前）", "Isotretinoin order check before signing"),
        Text(
            "署名しようとするイソトレチノイン処方について、用量・禁忌・相互作用・妊娠防止・検査の"
            "すべてのルールの判定を、根拠と対処とともに示します。判断するのは医師です。",
            "What every rule of dose, contraindication, interaction, pregnancy prevention and "
            "laboratory says of the isotretinoin order about to be signed, with evidence and "
            "remedy. Decision support: the physician decides.",
        ),
    ),
    Service(
        "isotretinoin-order-select",
        "order-select",
        Text("イソトレチノイン処方の判定（選択時）", "Isotretinoin order check on selection"),
        Text(
            "選択したイソトレチノイン処方について、署名前と同じ判定を示します。判断するのは医師です。",
            "The same check for the isotretinoin orders just selected. Decision support: the "
            "physician decides.",
        ),
    ),
)
