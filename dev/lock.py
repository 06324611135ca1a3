"""The locked packages: written with uv, read by uv and by pip, checked offline.

`python -m dev.lock write` resolves again (`make lock`, needs a package index);
`python -m dev.lock check` compares the lock with pyproject.toml without the network.
"""

import hashlib
import json
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
PYPROJECT = ROOT / "pyproject.toml"
RUNTIME = ROOT / "requirements.lock"  # what the image installs
DEVELOPMENT = ROOT / "requirements-dev.lock"  # runtime, servers and dev in one
GROUPS = ("servers", "dev")
UV = "uv==0.13.9"
MARK = "# pyproject sha256: "
PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;]+)", re.MULTILINE)


def fingerprint(pyproject: str) -> str:
    """The hash of everything in pyproject.toml that decides what is locked.

    Comments, order and the tools' own sections do not count.
    """
    table = tomllib.loads(pyproject)
    asked = {
        "python": table["project"]["requires-python"],
        "dependencies": sorted(table["project"]["dependencies"]),
        "groups": {name: sorted(table["dependency-groups"][name]) for name in GROUPS},
    }
    return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()


def pins(lock: str) -> set[tuple[str, str]]:
    """Every name and version that a lock installs."""
    return set(PIN.findall(lock))


def complaints(*, pyproject: str, runtime: str, development: str) -> list[str]:
    """What is wrong with the two locks; empty when they are current."""
    wanted = MARK + fingerprint(pyproject)
    found = [
        f"{name} was not made from this pyproject.toml"
        for name, lock in ((RUNTIME.name, runtime), (DEVELOPMENT.name, development))
        if wanted not in lock.splitlines()
    ]
    if strangers := pins(runtime) - pins(development):
        listed = ", ".join(sorted(f"{name}=={version}" for name, version in strangers))
        found.append(f"{DEVELOPMENT.name} does not have what {RUNTIME.name} has: {listed}")
    for name, lock in ((RUNTIME.name, runtime), (DEVELOPMENT.name, development)):
        if any(urlsplit(word).netloc for word in lock.split() if "://" in word):
            found.append(f"{name} names a host")
    return found


def check() -> int:
    """Compare the committed locks with pyproject.toml; 1 when one is stale."""
    found = complaints(
        pyproject=PYPROJECT.read_text(),
        runtime=RUNTIME.read_text(),
        development=DEVELOPMENT.read_text(),
    )
    for line in found:
        print(f"{line}: run `make lock`", file=sys.stderr)
    return 1 if found else 0


def _uv() -> str:
    """Where uv is; into a folder of its own when the machine has none."""
    if found := shutil.which("uv"):
        return found
    home = ROOT / ".dev" / "uv"
    if not (home / "bin" / "uv").exists():
        subprocess.run([sys.executable, "-m", "venv", home], check=True)
        subprocess.run([home / "bin" / "pip", "install", "-q", UV], check=True)
    return str(home / "bin" / "uv")


def _compile(target: Path, *extra: str) -> None:
    command = [_uv(), "pip", "compile", "-q", PYPROJECT.name, "-o", target.name]
    command += ["--universal", "--generate-hashes", "--python-version", "3.11"]
    command += ["--custom-compile-command", "make lock", "--no-emit-index-url", *extra]
    subprocess.run(command, cwd=ROOT, check=True)


def write(*extra: str) -> int:
    """Resolve both locks; what is locked stays unless `--upgrade` is given."""
    _compile(DEVELOPMENT, *(part for name in GROUPS for part in ("--group", name)), *extra)
    # The image runs exactly what was tested.
    _compile(RUNTIME, "--constraint", DEVELOPMENT.name, *extra)
    mark = MARK + fingerprint(PYPROJECT.read_text())
    for target in (RUNTIME, DEVELOPMENT):
        target.write_text(f"{mark}\n{target.read_text()}")
    return check()


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["check"]:
            sys.exit(check())
        case ["write", *rest]:
            sys.exit(write(*rest))
        case _:
            sys.exit("usage: python -m dev.lock check | write [--upgrade ...]")
