"""Saying the password once more. In a demonstration nobody can know it, so it is there already."""

from typing import Any

from allauth.account.forms import ReauthenticateForm
from django.utils.html import format_html
from django.utils.translation import gettext as _

from backend.portals.entrance import demonstration


class ProofForm(ReauthenticateForm):  # type: ignore[misc]  # allauth has no types
    """The password of whoever is signed in; filled in and shown for the people who are invented."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = demonstration.password_of(self.user)
        if known:
            field = self.fields["password"]
            field.initial = known
            field.help_text = format_html(
                "{} <code>{}</code>",
                _("Sandbox: it is filled in already, and the same for everybody here:"),
                known,
            )
            field.widget.render_value = not self.is_bound  # what was typed is not sent back
