"""Which role may do which verb from which status: one table per thing, read by three.

The service asks `check_move`, the permission class reads `roles`, and `available_actions` tells
the reader what the service would accept: a button can never offer what would be refused.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from backend.kernel.actor import Role
from backend.kernel.errors import NotAllowedFromHere
from backend.kernel.text import Text


@dataclass(frozen=True, slots=True)
class Verb:
    """One thing that a role may do.

    `start`: the statuses it may start from; empty = the verb acts on no single existing thing
    (list, create) or changes nothing (read). `to`: the statuses it may end in. `fresh`: the
    person must have proved who they are within the last five minutes. `newcomers`: somebody who
    has an account but no profile yet (no clinic) may do it too.
    """

    name: str
    roles: frozenset[Role]
    start: frozenset[str] = frozenset()
    to: frozenset[str] = frozenset()
    fresh: bool = False
    thing: str = ""
    newcomers: bool = False

    @property
    def action(self) -> str:
        """The verb with its thing, as the audit trail spells it: `prescription.approve`."""
        return f"{self.thing}.{self.name}"


def verb(
    name: str,
    *roles: Role,
    start: Iterable[str] = (),
    to: Iterable[str] = (),
    fresh: bool = False,
    newcomers: bool = False,
) -> Verb:
    """A row of a table."""
    return Verb(name, frozenset(roles), frozenset(start), frozenset(to), fresh, newcomers=newcomers)


class Verbs:
    """The table of one thing: its statuses and its verbs."""

    def __init__(self, thing: str, statuses: Iterable[str], *rows: Verb) -> None:
        """Refuses a verb that names a status which the thing does not have."""
        self.thing = thing
        self.statuses = tuple(str(status) for status in statuses)
        self._rows = {row.name: replace(row, thing=thing) for row in rows}
        strange = {s for row in rows for s in row.start | row.to} - set(self.statuses)
        if strange or len(self._rows) != len(rows):
            raise ValueError(f"{thing}: unknown status {strange} or a verb twice")

    def __getitem__(self, name: str) -> Verb:
        return self._rows[name]

    def __iter__(self) -> Iterator[Verb]:
        return iter(self._rows.values())

    def check_move(self, name: str, status: str) -> None:
        """Raise NotAllowedFromHere (409) unless the verb may start from `status`."""
        if status not in self._rows[name].start:
            raise NotAllowedFromHere(
                Text(
                    f"状態が「{status}」のため、この操作（{name}）はできません。",
                    f"Its status is {status}: {name} is not possible from there.",
                ),
                extra={"status_now": status, "possible_from": sorted(self._rows[name].start)},
            )

    def available(self, status: str, role: Role) -> list[str]:
        """The verbs that this role may do on a thing in this status, in the table's order."""
        return [row.name for row in self if status in row.start and role in row.roles]
