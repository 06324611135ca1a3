"""Every page of the service: where it is, who looks at it, and on what.

A new page gets a line in PAGES and is then looked at in both languages and both schemes. What is
not a page (a fragment, a file, a document for machines) gets a line in NOT_PAGES with the reason.
tests/browser/test_every_page_is_listed.py fails for a route that is in neither.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from tests.browser.devices import DESK, PHONE, Device
from tests.browser.house import NOBODY, House

Address = Callable[[House], str]


@dataclass(frozen=True)
class Listed:
    """One page. `route` is the path as the URL resolver writes it, without the first slash.

    `who` is a key of `House.people`, or NOBODY. `address` makes the path from the house's things
    (default: the route itself). `forgiven` maps a check of looking.py to why it is not held to
    it: for a page that is not ours, or a debt with a date.
    """

    name: str
    route: str
    who: str
    device: Device
    address: Address | None = None
    status: int = 200
    without_script: bool = False
    forgiven: dict[str, str] = field(default_factory=dict, hash=False)

    def path(self, house: House) -> str:
        """Where it is, for this house."""
        return self.address(house) if self.address else f"/{self.route}"


PAGES: tuple[Listed, ...] = (
    Listed("rules", "rules", "physician", DESK, lambda _: "/rules?section=laboratory"),
    Listed("rules-dosing", "rules", "staff", PHONE, lambda _: "/rules?section=dosing"),
    Listed("rules-signed-out", "rules", NOBODY, PHONE, status=401, without_script=True),
    Listed("rules-refused", "rules", "patient", PHONE, status=403),
)

NOT_PAGES: dict[str, str] = {
    "healthz": "JSON for a load balancer",
    "readyz": "JSON for a load balancer",
    "metrics": "Prometheus",
    "reference": "Redoc draws it: a script of 1 MB, English, for developers of clients",
    "audit/checkpoint": "the signed checkpoint, for witnesses",
    "audit/vkey": "the log's key, for witnesses",
    "audit/tile/<path:place>": "tiles of the log, for monitors",
    "cds-services": "CDS Hooks discovery, JSON",
    "cds-services/isotretinoin-order-sign": "CDS Hooks, JSON",
    "cds-services/isotretinoin-order-select": "CDS Hooks, JSON",
}
