"""The refusals of intake."""

from backend.kernel.errors import Refused, Unprocessable
from backend.kernel.text import Text


class DraftExists(Refused):
    """The patient has a draft of this kind already: go on with it, or discard it."""

    code = "draft_exists"
    title = Text("下書きがすでにあります", "There is a draft already")


class NotTheNewest(Refused):
    """A questionnaire of this version is not asked any more."""

    code = "questionnaire_superseded"
    title = Text("この問診は更新されました", "This questionnaire has been replaced by a newer one")


class BadAnswers(Unprocessable):
    """Answers that are no answers to these questions, or are missing; `errors` says which."""

    code = "answers_incomplete_or_invalid"
    title = Text("回答に不足または誤りがあります", "Answers are missing or not valid")


class TextChanged(Refused):
    """The hash is not of a text in force: read the text as it is now, then sign."""

    code = "text_changed"
    title = Text(
        "同意書が更新されています。最新の内容を確認してください",
        "The text has changed; read it as it is now",
    )


class AlreadySigned(Refused):
    """The patient's signature under this document stands."""

    code = "already_signed"
    title = Text("すでに署名されています", "It is signed already")


class NameDoesNotMatch(Unprocessable):
    """The typed name is not the patient's."""

    code = "name_does_not_match"
    title = Text("お名前が登録と一致しません", "The name is not the registered one")


class NotAcknowledged(Unprocessable):
    """Not exactly the disclosures of the document were acknowledged (J-21)."""

    code = "disclosures_not_acknowledged"
    title = Text("すべての項目の確認が必要です", "Acknowledge each point")
