"""Child processes that never outlive us: started, watched, stopped, their logs kept."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

TRAMPOLINE = Path(__file__).with_name("trampoline.py")


class StartFailed(Exception):
    """A process did not come up; the message holds the end of its log."""


def wrapped(
    command: Sequence[str | Path], *, dies_by: signal.Signals, identity: str = "self"
) -> list[str]:
    """The command behind the trampoline: it dies with us, under the identity asked for."""
    start = [sys.executable, "-I", "-S", str(TRAMPOLINE), str(os.getpid())]
    return [*start, str(int(dies_by)), identity, *map(str, command)]


class Child:
    """One running process in a session of its own, writing to a log file."""

    def __init__(
        self,
        name: str,
        command: Sequence[str | Path],
        *,
        log: Path,
        environment: Mapping[str, str] | None = None,
        stop_with: signal.Signals = signal.SIGTERM,
        patience_s: float = 10,
        identity: str = "self",
        keep_open: Sequence[int] = (),
        cwd: Path | None = None,
    ) -> None:
        """Start the command; it is given `patience_s` seconds when it is asked to stop.

        Must be called from the main thread: the kernel ends a child when the thread
        that made it ends.
        """
        self.name = name
        self.log = log
        self._stop_with = stop_with
        self._is_asked = False
        self._patience_s = patience_s
        if log.exists():
            log.replace(log.with_suffix(".log.1"))
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                wrapped(command, dies_by=stop_with, identity=identity),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=None if environment is None else dict(environment),
                start_new_session=True,  # Ctrl-C reaches us alone; we decide the order
                pass_fds=tuple(keep_open),
                cwd=cwd,
            )

    @property
    def pid(self) -> int:
        """The process id, which is also its process group's."""
        return self._process.pid

    def exit_code(self) -> int | None:
        """None while it runs."""
        return self._process.poll()

    def tail(self, lines: int = 20) -> str:
        """The last lines it wrote."""
        text = self.log.read_text(errors="replace") if self.log.exists() else ""
        return "\n".join(text.splitlines()[-lines:])

    def ask_to_stop(self) -> None:
        """Tell it to finish, without waiting for it."""
        if self._process.poll() is None and not self._is_asked:
            self._is_asked = True
            self._process.send_signal(self._stop_with)

    def stop(self) -> None:
        """Ask it to stop, wait, and then leave nothing of its group behind."""
        self.ask_to_stop()
        if self._process.poll() is None:
            try:
                self._process.wait(self._patience_s)
            except subprocess.TimeoutExpired:
                self._kill_group()
                self._process.wait()
        self._kill_group()

    def _kill_group(self) -> None:
        try:
            os.killpg(self.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            return  # all gone; PermissionError: only the dead, not yet reaped (macOS)

    def wait_until(self, answers: Callable[[], bool], *, within_s: float) -> None:
        """Return as soon as `answers()`; StartFailed when it exits or time is up."""
        deadline = time.monotonic() + within_s
        while not answers():
            code = self.exit_code()
            if code is not None:
                raise StartFailed(f"{self.name} stopped with code {code}.\n{self.tail()}")
            if time.monotonic() > deadline:
                raise StartFailed(
                    f"{self.name} did not answer within {within_s:g} s.\n{self.tail()}"
                )
            time.sleep(0.05)
