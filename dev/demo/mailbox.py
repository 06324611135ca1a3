"""Reading what the mail sink kept."""

from email import message_from_bytes, policy
from pathlib import Path


def newest_mail_to(folder: Path, address: str) -> str | None:
    """The text of the newest message to an address, or None."""
    files = sorted(folder.glob(f"*-{address}.eml"))
    if not files:
        return None
    message = message_from_bytes(files[-1].read_bytes(), policy=policy.default)
    body = message.get_body(("plain",))
    return str(body.get_content()) if body is not None else None
