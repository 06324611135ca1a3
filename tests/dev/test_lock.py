"""The lock must fit pyproject.toml; this is seen without the network."""

from dev import lock

PYPROJECT = """
[project]
requires-python = ">=3.11"
dependencies = ["Django>=5.2"]  # the web
[dependency-groups]
servers = ["rich>=15"]
dev = ["pytest>=9", "ruff"]
"""
MARK = lock.MARK + lock.fingerprint(PYPROJECT) + "\n"
RUNTIME = MARK + "django==5.2.8 \\\n    --hash=sha256:00\n"
DEVELOPMENT = RUNTIME + "pytest==9.0.1 ; python_version < '4' \\\n    --hash=sha256:00\n"


def complaints(
    pyproject: str = PYPROJECT, runtime: str = RUNTIME, development: str = DEVELOPMENT
) -> list[str]:
    return lock.complaints(pyproject=pyproject, runtime=runtime, development=development)


def test_the_committed_locks_are_current():
    assert lock.check() == 0


def test_a_lock_made_from_this_pyproject_is_current():
    assert complaints() == []


def test_reasons_order_and_other_sections_do_not_make_a_lock_stale():
    same = PYPROJECT.replace("# the web", "# another reason")
    same = same.replace('["pytest>=9", "ruff"]', '["ruff", "pytest>=9"]')

    assert complaints(pyproject=same + "[tool.ruff]\nline-length = 80\n") == []


def test_a_changed_requirement_makes_both_locks_stale():
    for old, new in (("5.2", "6.0"), ("pytest>=9", "pytest>=10"), (">=3.11", ">=3.12")):
        assert len(complaints(pyproject=PYPROJECT.replace(old, new))) == 2


def test_the_image_may_hold_nothing_that_was_not_tested():
    runtime = RUNTIME.replace("5.2.8", "5.2.9")

    assert complaints(runtime=runtime) == [
        "requirements-dev.lock does not have what requirements.lock has: django==5.2.9"
    ]


def test_a_lock_names_no_host():
    runtime = RUNTIME + "--index-url https://packages.example/simple\n"

    assert complaints(runtime=runtime) == ["requirements.lock names a host"]
