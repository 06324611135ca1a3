"""A no that is an act itself is committed with its reply; any other no takes everything back."""

from contextlib import contextmanager

import pytest
from django.http import HttpResponse

from backend import clock
from backend.api.idempotency import Claim, InFlight, Replayed
from backend.api.models import IdempotencyKey
from backend.api.problems import response_to
from backend.audit.models import AuditEntry
from backend.audit.record import record
from backend.db import seam, service
from backend.kernel.actor import job
from backend.kernel.errors import Refused, RefusedWithEffect
from tests.factories.worklist import TaskFactory

pytestmark = pytest.mark.django_db(transaction=True)


class SaidNo(RefusedWithEffect):
    """The no of these tests."""

    code = "said_no"


@service
def act_and_say(no, *, by, at, on):
    """Leaves an entry, then says no."""
    record("task.complete", on=on, by=by, at=at)
    raise no


def say(no, task):
    act_and_say(no, by=job("tests"), at=clock.now(), on=task)


def entries():
    return AuditEntry.objects.filter(action="task.complete", outcome="done").count()


@contextmanager
def door(key="key-1"):
    """A request's claim on a key stands round what is done inside."""
    claim = Claim(
        principal="job:tests",
        route="/v1/tests",
        key=key,
        fingerprint=b"the same",
        render=lambda _: HttpResponse("done"),
        render_refusal=lambda no: response_to(no, path="/v1/tests"),
    )
    token = seam.set(claim)
    try:
        yield claim
    finally:
        seam.reset(token)


def test_what_was_done_before_it_stays():
    task = TaskFactory()

    with pytest.raises(SaidNo):
        say(SaidNo(), task)

    assert entries() == 1


def test_any_other_no_takes_back_what_was_done():
    task = TaskFactory()

    with pytest.raises(Refused):
        say(Refused(), task)

    assert entries() == 0


def test_its_reply_is_kept_with_the_effect_and_given_again():
    task = TaskFactory()

    with door() as claim, pytest.raises(SaidNo):
        say(SaidNo(), task)
    with door(), pytest.raises(Replayed) as again:
        say(SaidNo(), task)

    assert entries() == 1
    assert (claim.replied.status_code, again.value.response.status_code) == (409, 409)
    assert again.value.response.content == claim.replied.content


def test_no_reply_no_effect():
    """A reply that was kept under the same key meanwhile: this act did not happen."""
    task = TaskFactory()

    with door() as claim:
        begin = claim.begin

        def begin_and_be_overtaken(actor):
            begin(actor)
            claim.keep(HttpResponse("another was faster"))

        claim.begin = begin_and_be_overtaken
        with pytest.raises(InFlight):
            say(SaidNo(), task)

    assert entries() == IdempotencyKey.objects.count() == 0


def test_a_use_case_that_is_no_service_has_no_reply():
    with door() as claim, pytest.raises(RuntimeError):
        _ = claim.replied
