"""Is a record still what was written? Its hash, its columns, and what it commits to."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from django.db import DataError, connection, transaction

from backend.audit.ciphers import PatientCipher
from backend.audit.keys import ciphers_behind

BYTES = "the bytes do not match their hash"
NOT_JSON = "the bytes are not JSON"
FACTS = "the sealed facts are not those that the bytes commit to"
IMAGES = "before and after are not those that the bytes commit to"

_ENTRIES = """
SELECT id, leaf, sha256('\\x00'::bytea || body) = leaf,
       array_remove(ARRAY[
           CASE WHEN said ->> 'action' IS DISTINCT FROM action THEN 'action' END,
           CASE WHEN said ->> 'actor' IS DISTINCT FROM actor THEN 'actor' END,
           CASE WHEN said ->> 'actor_role' IS DISTINCT FROM actor_role THEN 'actor_role' END,
           CASE WHEN said ->> 'at' IS DISTINCT FROM
               to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') THEN 'at' END,
           CASE WHEN said ->> 'clinic_id' IS DISTINCT FROM clinic_id::text THEN 'clinic_id' END,
           CASE WHEN said ->> 'object' IS DISTINCT FROM object_ref THEN 'object' END,
           CASE WHEN said ->> 'outcome' IS DISTINCT FROM outcome THEN 'outcome' END,
           CASE WHEN said ->> 'patient' IS DISTINCT FROM pseudonym THEN 'patient' END,
           CASE WHEN said ->> 'request_id' IS DISTINCT FROM request_id THEN 'request_id' END,
           CASE WHEN (said ? 'commitment') <> (sealed_facts IS NOT NULL) THEN 'facts' END
       ], NULL),
       pseudonym, said ->> 'commitment', sealed_facts
FROM audit_auditentry, LATERAL (SELECT convert_from(body, 'UTF8')::jsonb AS said) AS read
WHERE id = ANY(%s::bigint[])
"""
_CHANGES = """
SELECT id, leaf, sha256('\\x00'::bytea || body) = leaf,
       array_remove(ARRAY[
           CASE WHEN said ->> 'action' IS DISTINCT FROM 'row.' || operation THEN 'operation' END,
           CASE WHEN said ->> 'actor' IS DISTINCT FROM actor THEN 'actor' END,
           CASE WHEN said ->> 'object' IS DISTINCT FROM table_name || '/' || row_id
               THEN 'row' END,
           CASE WHEN said ->> 'request_id' IS DISTINCT FROM request_id THEN 'request_id' END,
           CASE WHEN said ->> 'xid' IS DISTINCT FROM xid::text THEN 'xid' END
       ], NULL),
       CASE WHEN salt IS NULL THEN before IS NULL AND after IS NULL
       ELSE said ->> 'commitment' = encode(sha256(
           salt || convert_to(jsonb_build_array(before, after)::text, 'UTF8')), 'hex') END
FROM audit_rowchange, LATERAL (SELECT convert_from(body, 'UTF8')::jsonb AS said) AS read
WHERE id = ANY(%s::bigint[])
"""
_PLAIN = """
SELECT id, leaf, sha256('\\x00'::bytea || body) = leaf FROM audit_record
WHERE id = ANY(%s::bigint[])
"""


@dataclass(frozen=True, slots=True)
class Checked:
    """A record's leaf hash as it is kept, and everything that is wrong with the record."""

    leaf: bytes
    reasons: tuple[str, ...]


def check_records(record_ids: Sequence[int]) -> dict[int, Checked]:
    """Each record that exists, by id. Three queries for all of them; give some thousands."""
    ids = list(record_ids)
    try:
        with transaction.atomic():
            return _entries(ids) | _changes(ids)
    except DataError:  # one of them is no JSON at all: find out which
        return _one_by_one(ids)


def _entries(ids: list[int]) -> dict[int, Checked]:
    rows = _asked(_ENTRIES, ids)
    sealed = [row for row in rows if row[6] is not None]
    ciphers = ciphers_behind(row[4] for row in sealed if row[4])
    found = {}
    for id_, leaf, fits, columns, pseudonym, commitment, sealed_facts in rows:
        reasons = list(_reasons(fits, columns))
        cipher = ciphers.get(pseudonym or "")
        if cipher and sealed_facts and not _opens(cipher, bytes(sealed_facts), commitment):
            reasons.append(FACTS)
        found[id_] = Checked(bytes(leaf), tuple(reasons))
    return found


def _changes(ids: list[int]) -> dict[int, Checked]:
    found = {}
    for id_, leaf, fits, columns, images in _asked(_CHANGES, ids):
        reasons = (*_reasons(fits, columns), *(() if images else (IMAGES,)))
        found[id_] = Checked(bytes(leaf), reasons)
    return found


def _one_by_one(ids: list[int]) -> dict[int, Checked]:
    found: dict[int, Checked] = {}
    for id_, leaf, fits in _asked(_PLAIN, ids):
        try:
            with transaction.atomic():
                found |= _entries([id_]) | _changes([id_])
        except DataError:
            reasons = (NOT_JSON,) if fits else (BYTES, NOT_JSON)
            found[id_] = Checked(bytes(leaf), reasons)
    return found


def _asked(sql: str, ids: list[int]) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, [ids])
        return list(cursor.fetchall())


def _reasons(fits: bool, columns: Sequence[str]) -> Iterator[str]:
    if not fits:
        yield BYTES
    for name in columns:
        yield f"the column for {name} differs from the bytes"


_HEAD, _TAIL = len(b'{"facts":'), len(b',"salt":""}') + 32


def _opens(cipher: PatientCipher, sealed: bytes, commitment: str | None) -> bool:
    """Whether the sealed facts are those of the commitment, taken as bytes: a million a while."""
    try:
        plain = cipher.open_bytes(sealed)
    except InvalidTag:
        return False
    facts, salt = plain[_HEAD:-_TAIL], plain[-34:-2]
    return hashlib.sha256(bytes.fromhex(salt.decode()) + facts).hexdigest() == commitment
