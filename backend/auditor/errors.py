"""Every no of the auditor's desk; the codes are a published contract."""

from backend.kernel.errors import Refused, Unprocessable
from backend.kernel.text import Text


class ExportUnderWay(Refused):
    """One export at a time."""

    code = "export_under_way"
    title = Text(
        "前の書き出しがまだ終わっていません",
        "Your earlier export is still under way",
    )


class NotSealedYet(Refused):
    """No signed checkpoint covers the entry yet: about ten seconds."""

    code = "not_sealed_yet"
    title = Text(
        "この記録はまだ封印されていません。少し後でもう一度お試しください",
        "The entry is not sealed yet; try again in a little while",
    )


class ExportGone(Refused):
    """Its seven days are over, or a patient in it was erased since: make a new one."""

    code = "export_gone"
    title = Text(
        "この書き出しは期限切れです。もう一度作成してください",
        "This export is not kept any more; make a new one",
    )


class OneScope(Unprocessable):
    """An export is of a patient or of a period."""

    code = "one_scope"
    title = Text(
        "患者か期間のどちらか一方を指定してください",
        "Name a patient, or a period (from and until): one of the two",
    )


class PeriodReversed(Unprocessable):
    """A period ends after it begins."""

    code = "period_reversed"
    title = Text("期間の終わりは始まりより後にしてください", "A period ends after it begins")


class OwnRecordOnly(Unprocessable):
    """Patients export what concerns themselves, all of it."""

    code = "own_record_only"
    title = Text(
        "ご自身の記録だけを書き出せます（期間の指定はできません）",
        "You can export your own record, whole",
    )
