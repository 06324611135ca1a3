"""Why no bundle can be made."""


class CannotExport(Exception):
    """No bundle, and the message says why. `code` is stable."""

    code = "cannot_export"


class NothingSealed(CannotExport):
    """There is no signed checkpoint yet, so nothing can be proven."""

    code = "nothing_sealed"


class TooManyRecords(CannotExport):
    """More than the verifier reads, or than this door gives out: choose a shorter period."""

    code = "too_many_records"


class TreeIncomplete(CannotExport):
    """A tile of the tree is missing or cut, so that nothing can be proven."""

    code = "tree_incomplete"


class NotSigned(CannotExport):
    """The sealer did not sign the manifest."""

    code = "not_signed"
