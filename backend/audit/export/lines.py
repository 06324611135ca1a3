"""The records of a bundle, leaf by leaf: what was sealed, where it stands, and what it says."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from uuid import UUID

from cryptography.exceptions import InvalidTag
from django.db import connection

from backend.audit.ciphers import PatientCipher
from backend.audit.export.errors import TreeIncomplete
from backend.audit.export.scope import Scope
from backend.audit.models import AuditEntry, PatientKey, Tile
from backend.audit.seal import read_tile
from backend.audit.verify.keys import Keys
from backend.kernel.canonical import canonical
from backend.kernel.ids import public_id
from backend.transparency.merkle import NodeReader
from backend.transparency.reading import Malformed
from backend.transparency.tiles import node_reader

CHUNK = 1_000
LONGEST = 3_000_000  # bytes of an opened text; the verifier reads lines of 4 MiB

_CHANGES = """
SELECT id, body, patient_id, salt,
       CASE WHEN salt IS NOT NULL THEN jsonb_build_array(before, after)::text END
FROM audit_rowchange WHERE id = ANY(%s::bigint[])
"""


@dataclass(frozen=True, slots=True)
class Opened:
    """What a record's bytes only commit to, and the salt."""

    salt: bytes
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """One leaf of the tree, and the record that it was made of; no body: that is gone."""

    leaf_index: int
    record_id: int
    leaf: bytes
    body: bytes | None
    opened: Opened | None
    pseudonym: str | None


@dataclass(frozen=True, slots=True)
class _Record:
    body: bytes
    pseudonym: str | None
    opened: Opened | None


@contextmanager
def without_hurry() -> Iterator[None]:
    """A statement may take ten minutes: an export reads more than a request."""
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = '10min'")
        yield
        cursor.execute("RESET statement_timeout")


def nodes_of(size: int) -> NodeReader:
    """The tree's nodes out of its tiles. Raises TreeIncomplete where one is missing or cut."""
    read = node_reader(size, read_tile)

    def node(level: int, index: int) -> bytes:
        try:
            return read(level, index)
        except (Tile.DoesNotExist, Malformed) as error:
            raise TreeIncomplete(f"A tile of the tree of {size} leaves is missing.") from error

    return node


def lines_of(scope: Scope, size: int, node: NodeReader) -> Iterator[Line]:
    """The records of a scope among the first `size` leaves; some thousands are held at a time."""
    keys = Keys()
    leaves = scope.leaves(size).values_list("leaf_index", "record_id").iterator(CHUNK)
    for chunk in _chunks(leaves):
        ids = [record_id for _index, record_id in chunk]
        found = _entries(scope, ids, keys) | _changes(scope, ids)
        for index, record_id in chunk:
            record = found.get(record_id)
            yield Line(
                index,
                record_id,
                node(0, index),
                record.body if record else None,
                record.opened if record else None,
                record.pseudonym if record else None,
            )


def _chunks(leaves: Iterable[tuple[int, int]]) -> Iterator[list[tuple[int, int]]]:
    rest = iter(leaves)
    while chunk := list(islice(rest, CHUNK)):
        yield chunk


def _entries(scope: Scope, ids: list[int], keys: Keys) -> dict[int, _Record]:
    fields = ("id", "body", "pseudonym", "sealed_facts")
    rows = list(AuditEntry.objects.filter(id__in=ids).values_list(*fields))
    if scope.opens_facts:
        keys.load(pseudonym for _id, _body, pseudonym, _sealed in rows if pseudonym)
    return {
        id_: _Record(bytes(body), pseudonym, _facts(keys, pseudonym, sealed))
        for id_, body, pseudonym, sealed in rows
    }


def _facts(keys: Keys, pseudonym: str | None, sealed: bytes | None) -> Opened | None:
    """An act's facts; None where there are none, or no key that opens them (any more)."""
    key = keys[pseudonym] if pseudonym and sealed is not None else None
    if not isinstance(key, PatientCipher) or sealed is None:
        return None
    try:
        facts, salt = key.open(bytes(sealed))
    except (InvalidTag, ValueError, KeyError):  # altered: the verification of the trail names it
        return None
    return _fitting(salt, canonical(facts).decode())


def _changes(scope: Scope, ids: list[int]) -> dict[int, _Record]:
    with connection.cursor() as cursor:
        cursor.execute(_CHANGES, [ids])
        rows = cursor.fetchall()
    refs = {patient: public_id("pt", patient) for _, _, patient, *_ in rows if patient}
    known = PatientKey.objects.filter(patient_ref__in=refs.values())
    pseudonyms = {str(ref): name for ref, name in known.values_list("patient_ref", "pseudonym")}
    return {
        id_: _Record(
            bytes(body),
            pseudonyms.get(refs.get(patient, "")),
            _images(salt, text) if scope.opens_rows and _may_open(patient, pseudonyms) else None,
        )
        for id_, body, patient, salt, text in rows
    }


def _may_open(patient_id: UUID | None, pseudonyms: dict[str, str]) -> bool:
    """A row about nobody, or about a patient whose key still exists."""
    return patient_id is None or public_id("pt", patient_id) in pseudonyms


def _images(salt: bytes | None, text: str | None) -> Opened | None:
    return None if salt is None or text is None else _fitting(bytes(salt), text)


def _fitting(salt: bytes, text: str) -> Opened | None:
    return Opened(salt, text) if len(text.encode()) <= LONGEST else None
