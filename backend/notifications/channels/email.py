"""E-mail over SMTP."""

import smtplib
from contextlib import suppress

from django.core.mail import EmailMessage, get_connection

from backend.notifications.message import Message, NotSent, Rejected


def send_email(message: Message) -> str:
    """Hand one message to the mail server; returns its Message-ID, the provider's reference.

    Raises NotSent or Rejected when the server certainly has not got it. Whatever else is raised
    (a timeout after the text was sent, a lost connection) leaves it unknown.
    """
    connection = get_connection()
    try:
        connection.open()
    except (OSError, smtplib.SMTPException) as error:
        raise NotSent(type(error).__name__) from error
    try:
        connection.send_messages([_mail(message)])
    except smtplib.SMTPResponseException as error:
        raise (NotSent if error.smtp_code < 500 else Rejected)(str(error.smtp_code)) from error
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _ in error.recipients.values()]
        raise (NotSent if all(code < 500 for code in codes) else Rejected)(str(codes)) from error
    finally:
        with suppress(OSError, smtplib.SMTPException):  # the answer came before the goodbye
            connection.close()
    return message.message_id


def _mail(message: Message) -> EmailMessage:
    return EmailMessage(
        subject=message.subject,
        body=message.body,
        to=[message.to],
        headers={
            "Message-ID": message.message_id,
            "Content-Language": message.language,
            "Auto-Submitted": "auto-generated",
        },
    )
