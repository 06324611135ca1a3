"""Who may call which CDS service. Plain Python."""

from backend.kernel.actor import Role
from backend.kernel.verbs import Verbs, verb

CDS_SERVICES = Verbs(
    "cds_service",
    (),
    verb("order_sign", Role.PHYSICIAN),
    verb("order_select", Role.PHYSICIAN),
)
TABLES = (CDS_SERVICES,)
