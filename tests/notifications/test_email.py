"""The e-mail channel against a real SMTP server on this machine."""

import socket
from email import message_from_bytes
from email.header import decode_header, make_header

import pytest
from aiosmtpd.controller import Controller

from backend.notifications.channels.email import send_email
from backend.notifications.message import Message, NotSent, Rejected

MESSAGE = Message(
    to="hanako@example.test",
    subject="ご確認のお願い",
    body="下のリンクからご回答ください。",
    language="ja",
    message_id="<abc@suhada.example>",
)


class Sink:
    """Keeps what comes; answers as told."""

    def __init__(self, answer="250 OK"):
        self.answer, self.kept = answer, []

    async def handle_RCPT(self, _server, _session, envelope, address, _options):  # noqa: N802
        if self.answer.startswith("55"):
            return self.answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, _session, envelope):  # noqa: N802
        self.kept.append(message_from_bytes(envelope.content))
        if self.answer == "hang up":
            server.transport.abort()
        return self.answer


@pytest.fixture
def serve(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    running = []

    def start(sink):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        controller = Controller(sink, hostname="127.0.0.1", port=port)
        controller.start()
        running.append(controller)
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        return sink

    yield start
    for controller in running:
        controller.stop()


def test_a_message_arrives_under_its_own_message_id(serve):
    sink = serve(Sink())

    reference = send_email(MESSAGE)

    (mail,) = sink.kept
    assert reference == mail["Message-ID"] == "<abc@suhada.example>"
    assert str(make_header(decode_header(mail["Subject"]))) == "ご確認のお願い"
    assert mail["To"] == "hanako@example.test"
    assert "下のリンク" in mail.get_payload(decode=True).decode()


def test_a_mail_server_that_is_down_has_certainly_not_sent(serve, settings):
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1

    with pytest.raises(NotSent):
        send_email(MESSAGE)


def test_a_temporary_no_is_not_sent(serve):
    serve(Sink("451 later"))

    with pytest.raises(NotSent):
        send_email(MESSAGE)


def test_a_mailbox_that_does_not_exist_is_a_rejection(serve):
    serve(Sink("550 no such mailbox"))

    with pytest.raises(Rejected):
        send_email(MESSAGE)


def test_a_connection_lost_after_the_text_leaves_it_unknown(serve):
    sink = serve(Sink("hang up"))

    with pytest.raises(Exception) as raised:  # noqa: PT011 - any other than the two certain ones
        send_email(MESSAGE)

    assert not isinstance(raised.value, NotSent | Rejected)
    assert len(sink.kept) == 1
