"""`manage.py open_clinic`: a clinic with its first administrator, who invites everybody else."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from backend import clock
from backend.accounts.services.open_clinic import open_clinic
from backend.kernel.actor import job

PROGRAMMES = ("jp", "us", "uk", "eu")


class Command(BaseCommand):
    """Open a clinic; print its id."""

    help = "Open a clinic with its first administrator."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What a clinic is, and who administers it."""
        parser.add_argument("--name", required=True, help="as patients read it")
        parser.add_argument("--name-en", required=True, help="the same in English")
        parser.add_argument("--programme", choices=PROGRAMMES, default="jp")
        parser.add_argument("--zone", default="Asia/Tokyo", help="IANA time zone")
        parser.add_argument("--telephone", required=True)
        parser.add_argument("--email", required=True, help="of the administrator")
        parser.add_argument("--administrator", required=True, help="the administrator's name")
        parser.add_argument(
            "--password-stdin",
            action="store_true",
            help="read the password from standard input (it stands in no process list); "
            "without it the administrator sets one by the code that a password reset mails",
        )

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        """One clinic."""
        password = sys.stdin.readline().strip() if options["password_stdin"] else None
        administrator = open_clinic(
            name=options["name"],
            name_en=options["name_en"],
            programme=options["programme"],
            zone=options["zone"],
            telephone=options["telephone"],
            administrator_email=options["email"],
            administrator_name=options["administrator"],
            password=password,
            by=job("operator"),
            at=clock.now(),
        )
        self.stdout.write(administrator.clinic.ref)
