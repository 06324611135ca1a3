"""Where mutants live: a copy of the rules and their tests, so that nothing in the tree changes."""

import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OUT = ROOT / "build" / "mutants"
TREE = OUT / "tree"
PROTOCOL = TREE / "backend" / "protocol"
# The rules, what they stand on, the tests that judge them, and the page that one law reads.
# No conftest.py: these tests need neither Django nor a database.
COPIED = (
    "backend/__init__.py",
    "backend/kernel",
    "backend/protocol",
    "docs/domain.md",
    "tests/__init__.py",
    "tests/laws/__init__.py",
    "tests/laws/test_every_rule_is_tested.py",
    "tests/protocol",
)
SETTINGS = """\
[pytest]
testpaths = tests
addopts = -p no:cacheprovider --import-mode=importlib
filterwarnings = error
"""


def fresh_copy() -> None:
    """Make the copy anew, as the working tree is now; others may go on changing that."""
    shutil.rmtree(TREE, ignore_errors=True)
    for name in COPIED:
        source, target = ROOT / name, TREE / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        elif source.exists():
            shutil.copy2(source, target)
    (TREE / "pytest.ini").write_text(SETTINGS, encoding="utf-8")


def sources() -> dict[str, str]:
    """The copied rules: module -> source."""
    return {p.stem: p.read_text(encoding="utf-8") for p in sorted(PROTOCOL.glob("*.py"))}
