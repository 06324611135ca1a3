"""What allauth asks of us: who a new account is, what mails say, what the audit trail keeps."""

from base64 import b64decode, b64encode
from typing import Any

import structlog
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context, ratelimit
from allauth.mfa.adapter import DefaultMFAAdapter
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse

from backend import clock
from backend.accounts.account_entries import THE_DOOR, known, note, note_failure, note_mail, whose
from backend.accounts.mails import OF_ALLAUTH, SECURITY, send_now
from backend.accounts.models import User
from backend.api.language import said
from backend.kernel.errors import Unavailable
from backend.secret_box import seal, unseal

LONGEST_PASSWORD = 128
_PURPOSE = "accounts.second_factor.v1"

log = structlog.get_logger("accounts")


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no stubs
    """allauth's hooks. Each runs inside the transaction of `backend.accounts.door`."""

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        """Whoever signs up is a patient; staff are invited."""
        user.created_at = clock.now()
        saved: User = super().save_user(request, user, form, commit)
        note("sign_up", saved)
        return saved

    def clean_email(self, email: str) -> str:
        """The address, if it is ASCII: else two that look the same could be two accounts."""
        if not email.isascii():
            raise ValidationError(
                said("英数字と記号だけのアドレスにしてください。", "Use an address in ASCII."),
                code="invalid",
            )
        return email

    def clean_password(self, password: str, user: User | None = None) -> str:
        """The password, if Django's validators take it and it has at most 128 characters."""
        if len(password) > LONGEST_PASSWORD:
            raise ValidationError(
                said("128 文字以内にしてください。", "At most 128 characters."),
                code="password_too_long",
            )
        cleaned: str = super().clean_password(password, user)
        return cleaned

    def confirm_email(self, request: HttpRequest, email_address: Any) -> bool:
        """The address was proved by a mailed code."""
        confirmed: bool = super().confirm_email(request, email_address)
        if confirmed:
            note("verify_email", email_address.user)
        return confirmed

    def pre_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse | None:
        """A deactivated account does not sign in, whatever it proves."""
        if not user.is_active:
            note_failure("sign_in", user, reason="deactivated")
        response: HttpResponse | None = super().pre_login(request, user, **kwargs)
        return response

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """Every proof was given."""
        proofs = get_authentication_records(request, user)
        note("sign_in", user, methods=[str(p.get("type") or p["method"]) for p in proofs])
        response: HttpResponse = super().post_login(request, user, **kwargs)
        return response

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:  # noqa: ARG002
        """A wrong password, at sign-in or when proving oneself again."""
        login = str(credentials.get("email", ""))
        user = User.objects.filter(email=login.lower()).first()
        note_failure("sign_in", user, login=login, reason="wrong_password")

    def validation_error(self, code: str, *args: Any) -> ValidationError:
        """Too many guesses, or a wrong code from a mail, are failed proofs too."""
        if code in {"too_many_login_attempts", "incorrect_code"}:
            note_failure("sign_in", _who(context.request), reason=code)
        error: ValidationError = super().validation_error(code, *args)
        return error

    def send_account_already_exists_mail(self, email: str) -> None:
        """Take as long as a sign-up that hashes its password: time tells nothing either."""
        User().set_password(email)
        super().send_account_already_exists_mail(email)

    def logout(self, request: HttpRequest) -> None:
        """The session ends, also one that was only half-way in."""
        user = known(request.user)
        if user is not None:
            note("sign_out", user)
        elif (half_way := whose(request.session)) is not None:
            note("sign_out", half_way, by=THE_DOOR)
        super().logout(request)

    def set_password(self, user: User, password: str) -> None:
        """A new password, by change, by reset or for the first time: other sessions end."""
        first = not user.has_usable_password()
        super().set_password(user, password)
        note("set_password", user, first=first)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """One of our own texts. Raises Unavailable (503), which undoes the request."""
        if template_prefix in OF_ALLAUTH:
            note_mail(template_prefix, email)
        words = {
            "code": str(context.get("code", "")),
            "reset_url": str(context.get("password_reset_url", "")),
        }
        try:
            send_now(OF_ALLAUTH.get(template_prefix, SECURITY), to=email, **words)
        except Unavailable:
            # A code that never went out must not make the next one wait.
            ratelimit.clear(self.request, action="confirm_email", key=email.lower())
            raise

    def send_notification_mail(
        self,
        template_prefix: str,
        user: User,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """Called once for each change of security settings: an entry, then a mail if it goes."""
        note(template_prefix.rpartition("/")[2], user)
        try:
            super().send_notification_mail(template_prefix, user, context, email)
        except Unavailable:
            log.warning("notice_not_sent", user=user.ref)


class MfaAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no stubs
    """allauth's hooks for second factors."""

    def encrypt(self, text: str) -> str:
        """A TOTP secret as it is stored."""
        return b64encode(seal(text.encode(), purpose=_PURPOSE, bound_to=b"")).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """A TOTP secret as it is used."""
        return unseal(b64decode(encrypted_text), purpose=_PURPOSE, bound_to=b"").decode()

    def validation_error(self, code: str, *args: Any) -> ValidationError:
        """A wrong second factor is a failed proof like a wrong password."""
        if code == "incorrect_code":
            note_failure("sign_in", _who(context.request), reason="wrong_second_factor")
        error: ValidationError = super().validation_error(code, *args)
        return error


def _who(request: HttpRequest) -> User | None:
    return known(request.user) or whose(request.session)
