"""A mail server that delivers nothing and keeps every message as an .eml file.

python -m dev.mail_sink PORT FOLDER
"""

import re
import sys
import threading
from email import message_from_bytes
from itertools import count
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

UNFIT = re.compile(r"[^A-Za-z0-9@.+-]+")


class Keep:
    """Writes each message into a folder, numbered in order of arrival."""

    def __init__(self, folder: Path) -> None:
        """Go on counting after what an earlier run has left in the folder."""
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._number = count(1 + len(list(folder.glob("*.eml"))))

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep one message; the answer is SMTP's."""
        to = UNFIT.sub("_", envelope.rcpt_tos[0])[:80]
        file = self._folder / f"{next(self._number):06}-{to}.eml"
        partial = file.with_suffix(".part")
        partial.write_bytes(envelope.original_content or b"")
        partial.rename(file)  # whoever watches the folder sees whole messages only
        subject = message_from_bytes(file.read_bytes()).get("subject", "")
        print(f"{file.name}: {subject}", flush=True)
        return "250 Kept"


def main(port: int, folder: Path) -> None:
    """Serve on 127.0.0.1 until a signal ends the process."""
    Controller(Keep(folder), hostname="127.0.0.1", port=port).start()
    threading.Event().wait()


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
