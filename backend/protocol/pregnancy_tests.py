"""Reading pregnancy tests: which one counts, and how good its setting is."""

from collections.abc import Sequence

from backend.protocol.case import PregnancyTest

SUPERVISED = frozenset({"laboratory", "clinic", "remote_supervised"})
MEDICAL = frozenset({"laboratory", "clinic"})
_RESULTS = ("negative", "pending", "indeterminate", "positive")
_SETTINGS = ("laboratory", "clinic", "remote_supervised", "home")


def _worse(test: PregnancyTest) -> tuple[int, int, int, bool]:
    """Sorts by date, then result, then setting; a home test without a code is the worst."""
    return (
        test.taken_on.toordinal(),
        _RESULTS.index(test.result),
        _SETTINGS.index(test.setting),
        not test.coded,
    )


def newest(tests: Sequence[PregnancyTest] | None) -> PregnancyTest | None:
    """The newest test; two on one day: the worse one."""
    return max(tests, key=_worse) if tests else None


def newest_negative(tests: Sequence[PregnancyTest] | None) -> PregnancyTest | None:
    """The newest negative test."""
    return newest([test for test in tests or () if test.result == "negative"])
