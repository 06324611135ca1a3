"""One webhook over the wire, against a receiver that behaves and one that does not."""

import time
from datetime import UTC, datetime, timedelta

import pytest
from uuid_utils.compat import uuid7

from backend import clock
from backend.kernel.canonical import canonical
from backend.pharmacy import post as module
from backend.pharmacy.post import MAX_READ_BYTES, Outgoing, headers_of, post
from tests.factories.pharmacy import OLD_SECRET, SECRET
from tests.fakes.pharmacy import PharmacyReceiver


@pytest.fixture
def pharmacy(settings):
    settings.SANDBOX = True
    with PharmacyReceiver() as receiver:
        receiver.trust(SECRET)
        yield receiver


def outgoing(url: str, **changed) -> Outgoing:
    body = {
        "type": "prescription.approved",
        "timestamp": "2026-03-10T03:00:00.000000Z",
        "data": {"prescription_id": "rx_1", "sequence": 7},
    }
    given = {
        "delivery_id": uuid7(),
        "epoch": 1,
        "message_id": "whd_1",
        "url": url,
        "body": canonical(body),
        "secrets": (SECRET,),
        "sent_at": clock.now(),
    }
    return Outgoing(**{**given, **changed})


def test_the_receiver_verifies_and_keeps_what_we_sent(pharmacy):
    answer = post(outgoing(pharmacy.url))

    assert (answer.http_status, answer.error) == (204, "")
    (message,) = pharmacy.ledger.accepted
    assert (message.id, message.type) == ("whd_1", "prescription.approved")
    assert message.data == {"prescription_id": "rx_1", "sequence": 7}


def test_the_same_message_twice_is_one_message_to_the_receiver(pharmacy):
    post(outgoing(pharmacy.url))
    post(outgoing(pharmacy.url))

    assert len(pharmacy.ledger.accepted) == 1
    assert pharmacy.ledger.repeats == ["whd_1"]


def test_during_a_rotation_either_secret_verifies(pharmacy):
    pharmacy.secrets.clear()
    pharmacy.trust(OLD_SECRET)

    post(outgoing(pharmacy.url, secrets=(SECRET, OLD_SECRET)))

    assert len(pharmacy.ledger.accepted) == 1


def test_a_foreign_signature_is_refused_by_the_receiver(pharmacy):
    answer = post(outgoing(pharmacy.url, secrets=(OLD_SECRET,)))

    assert answer.http_status == 401
    assert pharmacy.ledger.refused == ["signature"]


@pytest.mark.parametrize("minutes", [-6, 6])
def test_an_old_or_new_timestamp_is_refused_by_the_receiver(pharmacy, minutes):
    answer = post(outgoing(pharmacy.url, sent_at=clock.now() + timedelta(minutes=minutes)))

    assert answer.http_status == 401
    assert pharmacy.ledger.refused == ["timestamp"]


def test_the_signature_is_that_of_the_specification():
    """The vector of the Standard Webhooks specification's reference libraries."""
    message = Outgoing(
        delivery_id=uuid7(),
        epoch=1,
        message_id="msg_p5jXN8AQM9LWM0D4loKWxJek",
        url="https://pharmacy.example/",
        body=b'{"test": 2432232314}',
        secrets=("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",),
        sent_at=datetime.fromtimestamp(1614265330, tz=UTC),
    )

    headers = headers_of(message)

    assert headers["webhook-timestamp"] == "1614265330"
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_redirect_is_an_answer_and_is_not_followed(pharmacy):
    with PharmacyReceiver() as elsewhere:
        pharmacy.elsewhere = elsewhere.url
        pharmacy.behave("redirect")

        answer = post(outgoing(pharmacy.url))

        assert answer.http_status == 302
        assert elsewhere.ledger.requests == 0


def test_an_endless_answer_is_cut(pharmacy):
    pharmacy.behave("flood")

    answer = post(outgoing(pharmacy.url))

    assert answer.http_status == 200
    assert pharmacy.bytes_sent < 100 * MAX_READ_BYTES  # socket buffers, not ten gigabytes


@pytest.mark.parametrize("how", ["hang", "drip"])
def test_a_receiver_that_takes_for_ever_is_left_at_the_deadline(pharmacy, how):
    pharmacy.behave(how)
    began = time.monotonic()

    answer = post(outgoing(pharmacy.url), seconds=0.4)

    assert (answer.http_status, answer.error) == (None, "timeout")
    assert 0.3 < time.monotonic() - began < 2


def test_a_connection_that_is_cut_is_an_error_not_an_exception(pharmacy):
    pharmacy.behave("cut")

    assert post(outgoing(pharmacy.url)).error == "connection"


def test_nobody_listening_is_an_error_not_an_exception(settings):
    settings.SANDBOX = True

    assert post(outgoing("http://127.0.0.1:1025/hooks")).error == "connection"


def test_a_url_that_became_hostile_is_not_connected_to(pharmacy, settings):
    settings.SANDBOX = False

    answer = post(outgoing(pharmacy.url))

    assert (answer.http_status, answer.error) == (None, "address_not_https")
    assert pharmacy.ledger.requests == 0


def test_a_name_that_is_rebound_inside_is_not_connected_to(pharmacy, monkeypatch):
    """The resolver is the world, not our code: here it lies as a rebinding one does."""
    port = pharmacy.server.server_port
    monkeypatch.setattr(
        module.socket, "getaddrinfo", lambda *_, **__: [(2, 1, 6, "", ("127.0.0.1", port))]
    )

    answer = post(outgoing(f"https://pharmacy.example:{port}/hooks"))

    assert (answer.http_status, answer.error) == (None, "address_not_global")
    assert pharmacy.ledger.requests == 0


def test_a_name_that_does_not_resolve_is_an_error_not_an_exception(monkeypatch):
    def nobody(*_, **__):
        raise module.socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(module.socket, "getaddrinfo", nobody)

    assert post(outgoing("https://pharmacy.example/hooks")).error == "connection"


def test_secrets_do_not_show_when_an_outgoing_message_is_printed():
    assert SECRET not in repr(outgoing("https://pharmacy.example/"))
