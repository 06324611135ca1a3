"""Take a lot into the register."""

from datetime import date, datetime
from uuid import UUID

from backend.accounts.models import StaffMember
from backend.audit.record import record
from backend.db import refused_by, service
from backend.formulary.errors import ImporterNotPhysician, LotExists
from backend.formulary.models import Lot, Product
from backend.formulary.queries import products_visible_to
from backend.formulary.rules import LOTS
from backend.kernel.actor import Actor, Role
from backend.kernel.errors import FieldError, Invalid
from backend.kernel.text import Text

NO_SUCH_PRODUCT = FieldError(
    "/product", "not_found", Text("該当する製品がありません。", "There is no such product.")
)


@service
def create_lot(
    *,
    product_id: UUID,
    number: str,
    importer_id: UUID | None,
    expires_on: date,
    by: Actor,
    at: datetime,
) -> Lot:
    """Register a lot. `importer_id`: the physician who imported it, None if it is not imported.

    Raises Invalid (400, no such product), ImporterNotPhysician (422, J-20), LotExists (409).
    """
    product = _product(product_id, by)
    lot = Lot(
        clinic_id=product.clinic_id,
        product=product,
        number=number,
        importer=_importer(importer_id, product.clinic_id),
        expires_on=expires_on,
        created_at=at,
    )
    with refused_by({"lot_number_once": LotExists}):
        lot.save(force_insert=True)
    facts = {"product_id": product.ref, "importer": lot.importer_code}
    record(LOTS["create"].action, on=lot, by=by, at=at, facts=facts)
    return lot


def _product(product_id: UUID, by: Actor) -> Product:
    product = products_visible_to(by).filter(id=product_id).first()
    if product is None:
        raise Invalid(errors=[NO_SUCH_PRODUCT])
    return product


def _importer(importer_id: UUID | None, clinic_id: UUID) -> StaffMember | None:
    if importer_id is None:
        return None
    importer = StaffMember.objects.filter(
        id=importer_id,
        clinic_id=clinic_id,
        user__role=Role.PHYSICIAN.value,
        deactivated_at=None,
    ).first()
    if importer is None:
        raise ImporterNotPhysician()
    return importer
