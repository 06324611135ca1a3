"""What a verification says: how much was looked at, and each thing that is wrong."""

from dataclasses import dataclass, field
from typing import Any

AT_MOST = 1_000  # findings that are kept one by one; all are counted


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: with which record, at which leaf (a range where no one is known)."""

    reason: str
    record_id: int | None = None
    leaf_index: int | None = None
    before_leaf: int | None = None

    def as_json(self) -> dict[str, Any]:
        """For the API, the database and machines."""
        return {
            "reason": self.reason,
            "record": self.record_id,
            "leaf_index": self.leaf_index,
            "before_leaf": self.before_leaf,
        }

    def __str__(self) -> str:
        where = []
        if self.record_id is not None:
            where.append(f"record {self.record_id}")
        if self.leaf_index is not None and self.before_leaf is not None:
            where.append(f"one of the leaves {self.leaf_index} to {self.before_leaf - 1}")
        elif self.leaf_index is not None:
            where.append(f"leaf {self.leaf_index}")
        return f"{', '.join(where) or 'trail'}: {self.reason}"


@dataclass(slots=True)
class Verdict:
    """How many records were looked at, how large the sealed tree is, and what is wrong."""

    records: int = 0
    tree_size: int = 0
    wrong: int = 0
    findings: list[Finding] = field(default_factory=list)

    @property
    def is_sound(self) -> bool:
        """Nothing was found."""
        return self.wrong == 0

    def add(self, finding: Finding) -> None:
        """Count a finding, and keep it if there is room."""
        self.wrong += 1
        if len(self.findings) < AT_MOST:
            self.findings.append(finding)
