"""`make demo`: a whole course, played through the public API; then it keeps serving."""

import argparse
import json
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Iterable
from typing import Any

import httpx
from rich.console import Console

from dev.demo.desk.morning import fill_the_desk
from dev.demo.mailbox import newest_mail_to
from dev.demo.narration import Narrator
from dev.demo.people import StepFailed
from dev.demo.receiver import Receiver, receiving
from dev.demo.story.play import ADMINISTRATOR, play
from dev.demo.story.stage import Stage
from dev.interrupts import Interrupted
from dev.process import StartFailed
from dev.servers.find import NothingFound
from dev.servers.folders import ROOT
from dev.stack import Stack, running

CLINIC = [
    *("--name", "さくら皮膚科オンライン", "--name-en", "Sakura Dermatology Online"),
    *("--telephone", "03-0000-0000", "--administrator", "管理 三郎", "--email", ADMINISTRATOR),
]
MANAGE = (sys.executable, "-m", "backend.manage")
ONCE_CHECKED = ("--skip-checks",)  # `migrate` has checked the settings
TICK_SECONDS = "1"  # the story does not wait for the quarter minute of a clinic
SEAL_SECONDS = "2"  # nor for the ten seconds of its sealer
SEALED_WITHIN_S = 30
EASY_SIGN_IN = {
    "PRESCRIBER_MFA_REQUIRED": "0"
}  # whoever tries the demonstration has no app at hand


def main() -> int:
    """0 after the story (and Ctrl-C); 1 at the first step that did not do what it should."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--once", action="store_true", help="end after the summary")
    once = parser.parse_args().once
    console = Console()
    hurried = {"TICK_SECONDS": TICK_SECONDS, "SEAL_SECONDS": SEAL_SECONDS}
    password = secrets.token_urlsafe(12)
    shown = {"SANDBOX": "1", "DEMONSTRATION_PASSWORD": password}
    given = {**os.environ, **hurried, **shown, **EASY_SIGN_IN}
    try:
        with (
            running(given=given, say=lambda step: console.print(f"Starting {step}.")) as stack,
            receiving() as receiver,
        ):
            stage, narrator = _stage(stack, receiver, console, password)
            begun = time.perf_counter()
            play(stage)
            fill_the_desk(stage)
            played = f"{time.perf_counter() - begun:.1f} s"
            narrator.summary([*_summary(stage), *_sealed(stack), ("played in", played)])
            if once:
                return 0
            _show_doors(console, stack, stage)
            return _serve(stack)
    except Interrupted:
        return 0
    except (NothingFound, StartFailed, StepFailed, httpx.HTTPError) as problem:
        console.print(f"\n[red]{problem}[/]", highlight=False, markup=True)
        return 1


def _stage(
    stack: Stack, receiver: Receiver, console: Console, password: str
) -> tuple[Stage, Narrator]:
    narrator = Narrator(console)
    stage = Stage(
        http=lambda: httpx.Client(base_url=stack.base_url, timeout=15),
        narrator=narrator,
        mail_to=lambda address: newest_mail_to(stack.mail_dir, address),
        settle=lambda: _check(stack),
        receiver=receiver,
        password=password,
    )
    subprocess.run(
        [
            sys.executable,
            "-m",
            "backend.manage",
            "open_clinic",
            *ONCE_CHECKED,
            "--password-stdin",
            *CLINIC,
        ],
        env=dict(stack.environment),
        cwd=ROOT,
        input=stage.password,
        text=True,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return stage, narrator


def _check(stack: Stack) -> None:
    """StepFailed when a process has ended: what the story waits for will not come."""
    if dead := stack.dead():
        raise StepFailed("\n".join(dead))


def _summary(stage: Stage) -> Iterable[tuple[str, str]]:
    return [*stage.known["summary"], *stage.known["desk"]]


def _sealed(stack: Stack) -> list[tuple[str, str]]:
    """The whole trail, verified once the sealer has caught up. StepFailed if it is not sound."""
    deadline = time.monotonic() + SEALED_WITHIN_S
    while _ready(stack)["audit_unsealed_age_seconds"] is not None:
        _check(stack)
        if time.monotonic() > deadline:
            raise StepFailed(f"the trail was not sealed within {SEALED_WITHIN_S} s")
        time.sleep(0.2)
    done = subprocess.run(
        [*MANAGE, "audit", *ONCE_CHECKED, "verify", "--json"],
        env=dict(stack.environment),
        cwd=ROOT,
        text=True,
        check=False,
        stdout=subprocess.PIPE,
    )
    verdict = json.loads(done.stdout or "{}")
    if not verdict.get("is_sound"):
        raise StepFailed(f"the audit trail is not sound: {verdict.get('findings', [])[:3]}")
    sealed = f"{verdict['tree_size']} of {verdict['records']} records, sound"
    return [("sealed trail", sealed), ("checkpoint", f"of {verdict['tree_size']} leaves, signed")]


def _ready(stack: Stack) -> dict[str, Any]:
    return dict(httpx.get(f"{stack.base_url}/readyz", timeout=10).json())


def _show_doors(console: Console, stack: Stack, stage: Stage) -> None:
    web = stack.base_url.replace("127.0.0.1", "localhost")  # passkeys need a name
    console.print(f"\nSuhada keeps serving. Begin at [bold]{web}/[/]: there one press signs in.")
    for name, address in (
        ("patients", f"{web}/me/"),
        ("physicians", f"{web}/physician/"),
        ("auditors", f"{web}/audit-trail/"),
        ("rules", f"{web}/rules"),
        ("components of the pages", f"{web}/design"),
        ("reference of the API", f"{stack.base_url}/reference"),
        ("openapi.json", f"{stack.base_url}/v1/openapi.json"),
        ("readiness", f"{stack.base_url}/readyz"),
        ("metrics", f"{stack.base_url}/metrics"),
        ("mail that was sent", str(stack.mail_dir)),
    ):
        console.print(f"  {name:<24} {address}", highlight=False, soft_wrap=True)
    console.print(f"\nDemonstration logins, all with the password [bold]{stage.password}[/]")
    for person in stage.people.values():
        if person.email:
            console.print(f"  {person.name:<24} {person.email}", highlight=False)
    console.print("\nCtrl-C stops everything.")


def _serve(stack: Stack) -> int:
    while not (dead := stack.dead()):
        time.sleep(0.3)
    print("\n".join(dead), file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
