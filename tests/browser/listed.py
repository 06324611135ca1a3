"""A line of pages.py: one page in one situation."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.browser.devices import Device
from tests.browser.house import House
from tests.browser.visits import Visit

Address = Callable[[House], str]
Way = Callable[[Visit, House], None]


@dataclass(frozen=True)
class Listed:
    """One page. `route` is the path as the URL resolver writes it, without the first slash.

    `who` is a key of `House.people`, or NOBODY. `address` makes the path from the house's things
    (default: the route itself). `forgiven` maps a check of looking.py to why it is not held to
    it: for a page that is not ours, or a debt with a date. `way` is what the reader does first, on
    pages that lead here. `settings` are Django's, for this look.
    """

    name: str
    route: str
    who: str
    device: Device
    address: Address | None = None
    status: int = 200
    without_script: bool = False
    forgiven: dict[str, str] = field(default_factory=dict, hash=False)
    way: Way | None = None
    settings: dict[str, Any] = field(default_factory=dict, hash=False)

    def path(self, house: House) -> str:
        """Where it is, for this house."""
        return self.address(house) if self.address else f"/{self.route}"


def at(route: str, *parameters: str, **ids: str) -> Address:
    """The route with the ids of the house's own things, or with ids that are the same anywhere."""

    def address(house: House) -> str:
        path = f"/{route}"
        for name in parameters:
            path = path.replace(f"<str:{name}>", house.ref(name))
        for name, value in ids.items():
            path = path.replace(f"<str:{name}>", value)
        return path

    return address
