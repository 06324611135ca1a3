"""The whole service from one command: it starts, tells of a death, and leaves nothing."""

import json
import os
import signal
import smtplib
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest

from tests.dev.launcher import environment, eventually, started

pytestmark = pytest.mark.servers
SERVE = """
import json, sys, time
from dev.stack import running
with running() as stack:
    print(json.dumps({
        "base_url": stack.base_url,
        "folder": str(stack.folder),
        "mail_dir": str(stack.mail_dir),
        "smtp": stack.environment["EMAIL_URL"],
        "pids": {name: child.pid for name, child in stack.processes.items()},
    }))
    while not (dead := stack.dead()):
        time.sleep(0.1)
print(json.dumps(dead))
sys.exit(1)
"""
STOPPED_FIRST_TO_LAST = [
    *("web", "beat", "worker", "relay", "sealer", "mail", "Valkey", "PostgreSQL"),
]


@contextmanager
def serving() -> Iterator[tuple[subprocess.Popen[str], dict[str, Any]]]:
    """A service of its own, and where it is; killed at the end if it still runs."""
    # Nothing of it depends on a home directory.
    process = started(SERVE, environment(HOME="/nonexistent"))
    assert process.stdout is not None
    try:
        yield process, json.loads(process.stdout.readline() or "{}")
    finally:
        if process.poll() is None:
            process.kill()
            process.communicate()


def alive(pid: int) -> bool:
    """Whether the process runs; one that only waits to be reaped does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state not in {"Z", "X"}


def variables_of(pid: int) -> dict[str, str]:
    """The environment that a process was started with; while it becomes another, it has none."""
    at = Path(f"/proc/{pid}/environ")
    assert eventually(lambda: "DATABASE_URL=" in at.read_text())
    return dict(pair.split("=", 1) for pair in at.read_text().split("\0") if "=" in pair)


def role_of(variables: dict[str, str]) -> str | None:
    return urlsplit(variables.get("DATABASE_URL", "")).username


def ready(base_url: str) -> dict[str, Any]:
    with urlopen(base_url + "/readyz", timeout=5) as reply:
        return dict(json.load(reply))


def answers(url: str) -> bool:
    try:
        with urlopen(url, timeout=5) as reply:
            return bool(reply.status == 200)
    except (URLError, OSError):
        return False


def send_a_mail(smtp: str) -> None:
    place = urlsplit(smtp)
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@suhada.example", "b@c.example", "予約"
    message.set_content("ご予約を承りました。")
    with smtplib.SMTP(str(place.hostname), place.port or 0, timeout=10) as server:
        server.send_message(message)


def test_it_serves_keeps_mail_and_stops_in_order_at_sigterm():
    with serving() as (process, seen):
        assert sorted(seen["pids"]) == sorted(STOPPED_FIRST_TO_LAST)
        assert answers(seen["base_url"] + "/healthz")
        send_a_mail(seen["smtp"])
        kept = list(Path(seen["mail_dir"]).glob("*.eml"))
        assert [mail.name for mail in kept] == ["000001-b@c.example.eml"]

        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)

    assert process.returncode != 0
    assert not [name for name, pid in seen["pids"].items() if alive(pid)]
    assert not Path(seen["folder"]).exists()


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="only Linux tells")
def test_each_process_has_the_role_and_the_secrets_that_it_needs():
    with serving() as (process, seen):
        relay, sealer = (variables_of(seen["pids"][name]) for name in ("relay", "sealer"))

        assert (role_of(relay), role_of(sealer)) == ("suhada_app", "suhada_sealer")
        assert "AUDIT_SIGNING_KEY" in sealer
        assert "AUDIT_SIGNING_KEY" not in relay
        assert "APP_DATABASE_URL" not in {*relay, *sealer}
        assert ready(seen["base_url"])["warnings"] == []  # the web's role is the relay's
        assert eventually(
            lambda: ready(seen["base_url"])["audit_sealer_last_run_age_seconds"] is not None
        )

        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)


def test_a_process_that_dies_is_named_and_ends_the_run():
    with serving() as (process, seen):
        os.kill(seen["pids"]["relay"], signal.SIGKILL)
        output, _ = process.communicate(timeout=60)

    (said,) = json.loads(output)
    assert said.startswith("relay stopped with code -9. The end of relay.log:")
    assert process.returncode == 1
    assert not [name for name, pid in seen["pids"].items() if alive(pid)]


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="only Linux ends orphans for us")
def test_killed_without_warning_the_whole_service_ends():
    with serving() as (process, seen):
        process.kill()
        process.communicate(timeout=60)

        assert eventually(
            lambda: not [name for name, pid in seen["pids"].items() if alive(pid)], within_s=40
        )
