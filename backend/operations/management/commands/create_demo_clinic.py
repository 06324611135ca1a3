"""`manage.py create_demo_clinic --email … `: a clinic with its first administrator, in a sandbox.

The password is read from standard input, so that it stands in no process list. Everything else
(staff, hours, formulary, pharmacies) the administrator sets up through the API.
"""

import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from backend import clock
from backend.accounts.services.open_clinic import open_clinic
from backend.kernel.actor import job


class Command(BaseCommand):
    """Open the demonstration clinic."""

    help = "Create the demonstration clinic and its administrator (sandbox only)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The administrator's address."""
        parser.add_argument("--email", required=True)

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        """Print the clinic's id. Refuses outside a sandbox."""
        if not settings.SANDBOX:
            raise CommandError("SANDBOX is not 1: invented people do not belong here.")
        administrator = open_clinic(
            name="さくら皮膚科オンライン",
            name_en="Sakura Dermatology Online",
            programme="jp",
            zone="Asia/Tokyo",
            telephone="03-0000-0000",
            administrator_email=options["email"],
            administrator_name="管理 三郎",
            password=sys.stdin.readline().strip(),
            by=job("set_up"),
            at=clock.now(),
        )
        self.stdout.write(administrator.clinic.ref)
