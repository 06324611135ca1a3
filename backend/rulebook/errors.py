"""The refusals of the rule book."""

from backend.kernel.errors import Refused, Unprocessable
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


class PackNeedsNoActivation(Unprocessable):
    """The pack is in force by its dates alone."""

    code = "pack_needs_no_activation"
    title = Text(
        "このルールパックは有効化を必要としません", "This rule pack is in force without activation"
    )


class PackOfOtherProgramme(Unprocessable):
    """The pack is of a programme that is not the clinic's."""

    code = "pack_of_other_programme"
    title = Text(
        "当院のプログラムのルールパックではありません",
        "The rule pack is not of the clinic's programme",
    )


class ActivationTooEarly(Unprocessable):
    """The first day is over already, or before the pack's own first day."""

    code = "activation_too_early"
    title = Text(
        "有効化の開始日が早すぎます（本日以降、かつパックの開始日以降）",
        "The first day must be neither in the past nor before the pack's own",
    )


class SignerNotPhysician(Unprocessable):
    """Only a physician at work in the clinic signs a pack off."""

    code = "signer_not_physician"
    title = Text(
        "承認者は当院の医師でなければなりません", "Who signs off must be a physician of the clinic"
    )


class PackChanged(Refused):
    """What was signed off is not the pack, or not the text, that is there now."""

    code = "pack_changed"
    title = Text(
        "ルールパックまたは承認の文面が変わりました。読み直してください",
        "The rule pack or its sign-off text has changed; read it again",
    )


class AlreadyActivated(Refused):
    """The clinic has a standing activation of this pack."""

    code = "pack_already_activated"
    title = Text(
        "このルールパックはすでに有効化されています", "The clinic has activated this rule pack"
    )
