"""The refusals of records."""

from backend.kernel.errors import Unprocessable
from backend.kernel.text import Text


class NotAFact(Unprocessable):
    """A value outside the vocabulary or outside what can be measured; `errors` says which."""

    code = "not_a_fact"
    title = Text("記録できない値です", "This value cannot be recorded")


class CodeIsCheckedByClinic(Unprocessable):
    """A patient's own word that her home test is coded proves nothing (P-JP-06, P-US-08)."""

    code = "code_is_checked_by_clinic"
    title = Text(
        "コードの確認はクリニックが行います", "Whether the code is there is checked by the clinic"
    )


class PatientReportsHomeTestsOnly(Unprocessable):
    """A patient reports a pregnancy test of another setting than home."""

    code = "patient_reports_home_tests_only"
    title = Text(
        "患者が報告できるのは自宅検査のみです", "A patient may report tests done at home only"
    )
