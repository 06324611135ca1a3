"""A test that is not marked `servers` is left out on the oldest ones, and so may ask none."""

import json
import os
import subprocess
import sys

import psycopg
import pytest
from django.core.cache import cache
from django.db import connection

from tests.servers import NOWHERE, asks_for_the_database

ASKED = "import json, os; print(json.dumps([os.environ['DATABASE_URL'], os.environ['REDIS_URL']]))"


def test_a_test_that_says_nothing_finds_no_database():
    with pytest.raises(AssertionError, match="mark it `servers`"):
        psycopg.connect(os.environ["DATABASE_URL"])
    with pytest.raises(RuntimeError, match="Database access not allowed"):
        connection.ensure_connection()


def test_a_test_that_says_nothing_finds_no_redis():
    with pytest.raises(AssertionError, match="mark it `servers`"):
        cache.get("anything")


def test_nor_does_a_process_that_it_starts():
    done = subprocess.run([sys.executable, "-c", ASKED], capture_output=True, text=True, check=True)

    assert json.loads(done.stdout) == list(NOWHERE.values())


@pytest.mark.servers
def test_one_that_says_so_finds_them():
    cache.set("asked-by-a-test", "yes", 5)

    assert cache.get("asked-by-a-test") == "yes"
    assert not set(NOWHERE.values()) & set(os.environ.values())


@pytest.mark.django_db
def test_who_asks_for_the_database_need_not_say_so(request):
    assert asks_for_the_database(request.node)
    assert request.node.get_closest_marker("servers")


def test_who_asks_for_nothing_is_not_taken_for_one(request):
    assert not asks_for_the_database(request.node)
    assert not request.node.get_closest_marker("servers")
