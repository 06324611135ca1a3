"""A prescription that was issued can be taken back on its page, with a reason."""

import pytest

from backend.portals.physician.deciding import VOID_REASONS
from backend.prescriptions.rules import PHYSICIANS_VOID_REASONS
from tests.factories.prescriptions import PrescriptionFactory
from tests.portals.physician.reviewing import at, opener, send, shown
from tests.portals.reader import Reader, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def issued():
    return PrescriptionFactory(approved=True)


def prescriber_of(row):
    return row.created_by.staff_member


def test_one_that_was_issued_is_voided_with_a_reason_and_the_page_says_so(issued):
    who = prescriber_of(issued)

    answer = send(who, issued, "void", reason="clinical_change")

    issued.refresh_from_db()
    assert (issued.status, issued.void_reason) == ("voided", "clinical_change")
    assert (answer.status_code, answer["Location"]) == (303, at(issued))


def test_without_a_reason_nothing_is_voided(issued):
    answer = send(prescriber_of(issued), issued, "void", reason="")

    issued.refresh_from_db()
    assert (answer.status_code, issued.status) == (422, "approved")
    assert '<dialog id="void"' in answer.content.decode()


def test_the_button_is_there_once_it_is_issued_and_not_before(issued, row, colleague):
    after, before = shown(prescriber_of(issued), issued), shown(colleague, row)

    assert opener(after, "v") == "?open=void"
    assert opener(before, "v") is None


def test_a_void_one_is_voided_no_more(issued):
    reader = Reader(prescriber_of(issued))
    reader.send(at(issued), act="void", version=str(issued.version), reason="other")

    answer = reader.send(at(issued), act="void", version="99", reason="other")

    assert answer.status_code in (409, 412)
    assert opener(reader.get(at(issued)).content.decode(), "v") is None
    assert "Void" in text_of(reader.get(at(issued)))


def test_every_reason_of_a_physician_can_be_chosen():
    assert set(VOID_REASONS) == {str(reason) for reason in PHYSICIANS_VOID_REASONS}
