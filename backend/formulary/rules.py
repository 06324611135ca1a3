"""What a clinic holds: products and lots. Which role may do what."""

from enum import StrEnum

from backend.kernel.actor import Role
from backend.kernel.verbs import Verbs, verb

READERS = (
    Role.PHYSICIAN,
    Role.CLINIC_STAFF,
    Role.AUDITOR,
    Role.CLINIC_ADMINISTRATOR,
    Role.PHARMACY_CLIENT,
)


class ProductCode(StrEnum):
    """The three kinds that are not interchangeable (D-06): the words of the case format."""

    STANDARD = "standard"
    LIDOSE = "lidose"
    MICRONISED = "micronised"


class Approval(StrEnum):
    """Whether the product is licensed where the clinic is (J-21)."""

    UNAPPROVED = "unapproved"
    APPROVED = "approved"


class LotStatus(StrEnum):
    """A lot is in use until it is recalled; it never comes back."""

    IN_USE = "in_use"
    RECALLED = "recalled"


PRODUCTS = Verbs(
    "product",
    (),
    verb("list", *READERS),
    verb("read", *READERS),
    verb("create", Role.CLINIC_ADMINISTRATOR),
)
LOTS = Verbs(
    "lot",
    LotStatus,
    verb("list", *READERS),
    verb("read", *READERS),
    verb("create", Role.CLINIC_ADMINISTRATOR, to=(LotStatus.IN_USE,)),
    verb(
        "recall",
        Role.CLINIC_ADMINISTRATOR,
        start=(LotStatus.IN_USE,),
        to=(LotStatus.RECALLED,),
    ),
)
TABLES = (PRODUCTS, LOTS)
