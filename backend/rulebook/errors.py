"""The refusals of the rule book."""

from backend.kernel.errors import Unprocessable
from backend.kernel.text import Text


class PackNotKept(Unprocessable):
    """No pack of this version was ever kept: no decision was made by it."""

    code = "pack_not_kept"
    title = Text(
        "この版のルールパックは保存されていません", "No rule pack of this version was kept"
    )


class PackAltered(Unprocessable):
    """What was kept does not hash to its version: somebody changed it."""

    code = "pack_altered"
    title = Text(
        "保存されたルールパックの内容が版と一致しません",
        "The kept rule pack does not fit its version",
    )
