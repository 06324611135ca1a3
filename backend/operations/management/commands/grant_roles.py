"""`manage.py grant_roles`: after `migrate`, by the owner of the tables. Twice is once."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from backend.operations.granting import Login, NotGranted, grant, let_in


class Command(BaseCommand):
    """Let the service and the sealer into the database, each with what it needs and no more."""

    help = "Give the roles of APP_DATABASE_URL and SEALER_DATABASE_URL what they need, no more."

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        """One line for each role."""
        app, sealer = (_login(role) for role in ("app", "sealer"))
        owner = connection.settings_dict["USER"]
        if len({app.role, sealer.role, owner}) < 3:
            raise CommandError("The owner, the app and the sealer must be three different roles.")
        try:
            for name, login in (("app", app), ("sealer", sealer)):
                kept = "" if let_in(login) else "; its password was left as it is"
                self.stdout.write(f"{name}: {login.role}{kept}")
            grant(app=app.role, sealer=sealer.role)
        except NotGranted as problem:
            raise CommandError(str(problem)) from problem


def _login(role: str) -> Login:
    login = settings.DATABASE_LOGINS[role]
    if login is None:
        raise CommandError(f"{role.upper()}_DATABASE_URL is not set: it names the role.")
    return Login(*login)
