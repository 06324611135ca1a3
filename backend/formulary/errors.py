"""The refusals of the formulary."""

from backend.kernel.errors import Refused, Unprocessable
from backend.kernel.text import Text


class ProductExists(Refused):
    """The clinic has this product already: same name, strength and kind, or same GTIN."""

    code = "product_exists"
    title = Text("同じ製品がすでに登録されています", "The clinic has this product already")


class LotExists(Refused):
    """The product has a lot with this number already."""

    code = "lot_exists"
    title = Text("同じロット番号がすでに登録されています", "The product has this lot already")


class ImporterNotPhysician(Unprocessable):
    """Only a physician of the clinic may import (J-20)."""

    code = "importer_not_physician"
    title = Text(
        "輸入者は当院の医師でなければなりません", "The importer must be a physician of the clinic"
    )
