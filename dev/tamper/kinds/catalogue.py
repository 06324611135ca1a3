"""Every kind of tampering that is tried, and how often."""

from collections.abc import Callable
from random import Random

from dev.tamper.kinds import (
    absurdities,
    cuts,
    deletions,
    flips,
    guards,
    insertions,
    orders,
    rewritings,
)
from dev.tamper.log import Log, Tampering

Kind = Callable[[Log, Random], Tampering]
DISARM = "disarm"

KINDS: dict[str, list[tuple[Kind, int]]] = {
    "flip": [
        (flips.flip_entry, 8),
        (flips.flip_change, 8),
        (flips.flip_leaf, 2),
        (flips.flip_tile, 3),
        (flips.flip_checkpoint, 5),
        (flips.flip_key, 2),
        (flips.flip_log_key, 1),
    ],
    "delete": [
        (deletions.delete_record, 3),
        (deletions.delete_some_records, 1),
        (deletions.delete_and_close_the_gap, 1),
        (deletions.delete_leaf, 2),
        (deletions.delete_tile, 2),
        (deletions.delete_checkpoint, 2),
        (deletions.delete_signature, 1),
        (deletions.delete_sealed_facts, 2),
        (deletions.delete_key, 1),
        (deletions.empty_row_change, 1),
        (deletions.destroy_key_in_silence, 1),
    ],
    "insert": [
        (insertions.insert_backdated, 3),
        (insertions.insert_with_leaf, 2),
        (insertions.insert_in_place, 2),
        (insertions.insert_same_number, 2),
        (insertions.insert_leaf, 1),
        (insertions.insert_tile, 1),
        (insertions.insert_checkpoint, 2),
        (insertions.insert_log_key, 1),
    ],
    "reorder": [
        (orders.swap_leaves, 3),
        (orders.rotate_leaves, 1),
        (orders.swap_numbers, 2),
        (orders.swap_bodies, 2),
        (orders.swap_contents, 2),
        (orders.swap_moments, 2),
        (orders.swap_hashes, 1),
        (orders.swap_tiles, 1),
        (orders.swap_checkpoints, 2),
    ],
    "truncate": [
        (cuts.cut_in_part, 3),
        (cuts.cut_at_checkpoint, 1),
        (cuts.cut_anywhere, 1),
    ],
    "rewrite": [
        (rewritings.rewrite_record, 4),
        (rewritings.rewrite_and_unsign, 1),
        (rewritings.rewrite_with_the_log_key, 1),
        (rewritings.rewrite_moment, 1),
    ],
    DISARM: [
        (guards.switch_off, 1),
        (guards.stop_keeping, 1),
        (guards.replace_function, 1),
    ],
    "nonsense": [
        (absurdities.absurd_body, 2),
        (absurdities.absurd_null, 2),
        (absurdities.absurd_number, 2),
        (absurdities.absurd_bytes, 2),
        (absurdities.absurd_note, 1),
        (absurdities.absurd_time, 1),
        (absurdities.absurd_twins, 1),
    ],
}
SHARES = {
    "flip": 6,
    "delete": 3,
    "insert": 3,
    "reorder": 3,
    "truncate": 2,
    "rewrite": 2,
    DISARM: 1,
    "nonsense": 2,
}


def drawn(chance: Random) -> tuple[str, Kind]:
    """A kind, by its share: its name and what does it."""
    (name,) = chance.choices(list(SHARES), list(SHARES.values()))
    ways = KINDS[name]
    ((way, _weight),) = chance.choices(ways, [weight for _way, weight in ways])
    return name, way
