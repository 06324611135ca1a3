"""A witness (c2sp.org/tlog-witness): cosigns a checkpoint only if it continues the last one."""

from dataclasses import dataclass
from datetime import timedelta

from backend.audit.anchors.port import AnchorFailed, Head, exchange
from backend.transparency.checkpoints import cosigners, with_cosignatures
from backend.transparency.notes import VerifierKey
from backend.transparency.reading import Malformed, Unverified, whole_number
from backend.transparency.submissions import Submission

CONFLICT = 409


@dataclass(frozen=True)
class Witness:
    """A witness at `url`, whose cosignatures are good under `key`."""

    url: str
    key: VerifierKey
    kind: str = "witness"
    every: timedelta = timedelta(0)

    @property
    def name(self) -> str:
        """The witness's own name, as it signs."""
        return self.key.name

    def attest(self, head: Head, *, attested_size: int) -> bytes:
        """The witness's signature line over the checkpoint. Raises AnchorFailed.

        Where the witness has seen another size than we think, it says which; that is tried once.
        """
        status, answer = self._submit(head, attested_size)
        if status == CONFLICT:
            status, answer = self._submit(head, self._size_in(answer, head))
        if status != 200:
            raise AnchorFailed(f"the witness answered {status}")
        try:
            line = answer.decode()
            if self.name not in cosigners(with_cosignatures(head.note, [line]), [self.key]):
                raise AnchorFailed("the witness signed with another key")
        except (Malformed, Unverified, UnicodeDecodeError) as error:
            raise AnchorFailed("the witness's signature is not good") from error
        return answer

    def _submit(self, head: Head, old_size: int) -> tuple[int, bytes]:
        proof = tuple(head.consistency_from(old_size))
        body = Submission(old_size, proof, head.note).text.encode()
        return exchange(f"{self.url.rstrip('/')}/add-checkpoint", body, "text/plain")

    def _size_in(self, answer: bytes, head: Head) -> int:
        try:
            size = whole_number(answer.decode().strip(), "the witness's size")
        except (Malformed, UnicodeDecodeError) as error:
            raise AnchorFailed("the witness gave no size") from error
        if size > head.size:
            raise AnchorFailed(f"the witness has seen {size} leaves, here are {head.size}")
        return size
