"""The launcher, with real servers."""

import json
import os
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

import psycopg
import pytest
import redis

from dev.servers import both, identity, postgres
from dev.servers.folders import InUse, fresh, kept
from tests.dev.launcher import eventually, started, with_servers

pytestmark = pytest.mark.servers
LOOK = """
import json, os, psycopg, redis
database = psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)
database.execute("create extension btree_gist")
database.execute("create extension pg_trgm")
ask = lambda question: database.execute(question).fetchone()[0]
print(json.dumps({
    "trigrams": len(ask("select show_trgm('山田太郎')")),
    "superuser": ask("select usesuper from pg_user where usename = current_user"),
    "may_make_roles": ask("select rolcreaterole from pg_roles where rolname = current_user"),
    "may_make_databases": ask("select usecreatedb from pg_user where usename = current_user"),
    "connections": int(ask("show max_connections")),
    "zone": ask("show timezone"),
    "ping": redis.Redis.from_url(os.environ["REDIS_URL"]).ping(),
    "policy": redis.Redis.from_url(os.environ["REDIS_URL"]).config_get()["maxmemory-policy"],
}))
"""
IDENTITIES = (
    ["namespace", "nobody"] if identity.for_postgres() == "namespace" else [identity.for_postgres()]
)
# Starts both, says where they are, and waits.
WAIT = """
import os, sys
from dev.servers import both
from dev.servers.folders import fresh
with fresh() as folder, both.running(folder, durable=False) as servers:
    print(folder.path, servers.database_url, servers.redis_url)
    sys.stdin.read()
"""


def _listening(url: str) -> bool:
    parts = urlsplit(url)
    try:
        if parts.scheme == "redis":
            redis.Redis.from_url(url).ping()
        else:
            psycopg.connect(url).close()
    except (psycopg.OperationalError, redis.ConnectionError):
        return False
    return True


def test_both_servers_are_fit_for_the_service():
    done = with_servers(sys.executable, "-c", LOOK)

    seen = json.loads(done.stdout)
    assert seen.pop("trigrams") > 0, "pg_trgm is blind to Japanese"
    assert seen == {
        "superuser": False,
        "may_make_roles": True,
        "may_make_databases": True,
        "connections": 200,
        "zone": "UTC",
        "ping": True,
        "policy": "noeviction",
    }


def test_the_exit_code_is_the_commands():
    assert with_servers("sh", "-c", "exit 7").returncode == 7


def test_a_command_that_is_not_there_fails_and_is_named():
    done = with_servers("no-such-command")

    assert done.returncode != 0
    assert "no-such-command" in done.stderr


def test_addresses_that_are_given_win_and_nothing_is_started():
    given = {"DATABASE_URL": "postgres://a:b@127.0.0.1:1/c", "REDIS_URL": "redis://127.0.0.1:2/0"}

    with fresh() as folder, both.running(folder, durable=False, environment=given) as servers:
        assert (servers.database_url, servers.redis_url) == tuple(given.values())
        assert servers.children == ()
        assert [path.name for path in folder.path.iterdir()] == ["lock"]


def test_sigterm_reaches_the_command_and_its_answer_is_kept():
    code = """
from dev.with_servers import run
raise SystemExit(run(["sh", "-c", "trap 'exit 5' TERM; echo ready; while :; do sleep 0.05; done"]))
"""
    launcher = started(code)
    assert launcher.stdout is not None
    assert launcher.stdout.readline() == "ready\n"

    launcher.send_signal(signal.SIGTERM)

    launcher.communicate(timeout=30)
    assert launcher.returncode == 5


def test_two_runs_at_once_have_servers_of_their_own():
    first, second = started(WAIT), started(WAIT)
    assert first.stdout is not None
    assert second.stdout is not None

    ours, theirs = first.stdout.readline().split(), second.stdout.readline().split()

    assert not set(ours) & set(theirs)
    assert all(_listening(url) for url in (*ours[1:], *theirs[1:]))
    for run, (folder, *urls) in ((first, ours), (second, theirs)):
        run.communicate("", timeout=30)
        assert run.returncode == 0
        assert not Path(folder).exists()
        assert not any(_listening(url) for url in urls)


def test_killed_without_warning_it_leaves_nothing_running_and_the_next_start_sweeps():
    launcher = started(WAIT)
    assert launcher.stdout is not None
    folder, database_url, redis_url = launcher.stdout.readline().split()

    launcher.kill()
    launcher.communicate(timeout=30)

    assert eventually(lambda: not _listening(database_url) and not _listening(redis_url))
    assert eventually(lambda: _swept(Path(folder)))


def _swept(folder: Path) -> bool:
    with fresh():
        return not folder.exists()


def test_a_folder_is_held_by_one_run_at_a_time(tmp_path):
    with kept("up", below=tmp_path), pytest.raises(InUse), kept("up", below=tmp_path):
        pass

    with kept("up", below=tmp_path) as folder:
        assert folder.path == tmp_path / "up"


def test_folders_made_at_once_are_not_swept_from_under_each_other(tmp_path):
    def made_and_left(_: int) -> bool:
        with fresh(below=tmp_path) as folder:
            return folder.path.exists()

    with ThreadPoolExecutor(8) as runs:
        found = list(runs.map(made_and_left, range(400)))

    assert all(found)
    assert [path.name for path in tmp_path.iterdir()] == ["gate"]


def test_a_secret_is_made_once_and_only_its_owner_reads_it(tmp_path):
    with kept("up", below=tmp_path) as folder:
        made = folder.secret("word.secret")

    with kept("up", below=tmp_path) as folder:
        assert folder.secret("word.secret") == made
    assert (tmp_path / "up" / "word.secret").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("who", IDENTITIES)
def test_postgresql_runs_under_every_identity_that_this_user_can_give_it(who):
    with (
        TemporaryDirectory() as below,
        fresh(below=opened(below)) as folder,
        postgres.running(folder, durable=False, who=who) as (child, urls),
    ):
        uid = Path(f"/proc/{child.pid}").stat().st_uid
        assert _listening(urls.owner)

    # In the namespace it is root to the machine and nobody to itself, or it would not start.
    assert uid == {"self": os.geteuid(), "namespace": os.geteuid(), "nobody": 65534}[who]


def opened(folder: str) -> Path:
    os.chmod(folder, 0o711)
    return Path(folder)
