"""What allauth asks of us: a new account is a patient's."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from backend import clock
from backend.accounts.models import User


class AccountAdapter(DefaultAccountAdapter):
    """allauth's adapter."""

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        """Whoever signs up is a patient; staff are invited."""
        user.created_at = clock.now()
        saved: User = super().save_user(request, user, form, commit)
        return saved
