"""A timestamp authority (RFC 3161): this checkpoint existed at that time; openssl verifies it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from cryptography.x509 import Certificate, load_pem_x509_certificates
from rfc3161_client import (
    TimestampRequestBuilder,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from backend.audit.anchors.port import AnchorFailed, Head, exchange


@dataclass(frozen=True)
class TimestampAuthority:
    """An authority at `url`, trusted through `roots`."""

    url: str
    name: str
    roots: Sequence[Certificate]
    kind: str = "rfc3161"
    every: timedelta = timedelta(hours=1)

    def attest(self, head: Head, *, attested_size: int) -> bytes:  # noqa: ARG002
        """The authority's response, DER, over the bytes of the signed note. Raises AnchorFailed."""
        request = TimestampRequestBuilder().data(head.note.encode()).nonce(nonce=True).build()
        status, answer = exchange(self.url, request.as_bytes(), "application/timestamp-query")
        if status != 200:
            raise AnchorFailed(f"the timestamp authority answered {status}")
        verifier = VerifierBuilder.from_request(request)
        for root in self.roots:
            verifier = verifier.add_root_certificate(root)
        try:
            verifier.build().verify_message(decode_timestamp_response(answer), head.note.encode())
        except (VerificationError, ValueError) as error:
            raise AnchorFailed("the timestamp is not good") from error
        return answer


def roots_from(pem: bytes) -> list[Certificate]:
    """The trusted certificates of a PEM file. Raises ValueError."""
    return load_pem_x509_certificates(pem)
