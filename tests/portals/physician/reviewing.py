"""Reading a review page, and sending its dialogs."""

import re

from tests.portals.reader import Reader


def at(row):
    return f"/physician/prescriptions/{row.ref}"


def shown(who, row, *, fresh=True, **query):
    answer = Reader(who, fresh=fresh).get(at(row), **query)
    assert answer.status_code == 200
    return answer.content.decode()


def opener(page, key):
    """Where the button of a key leads; None where it is not there to be pressed."""
    found = re.search(rf'href="([^"]*)"[^>]*data-key="{key}"', page)
    return found.group(1) if found else None


def why_not(page, name):
    found = re.search(rf'id="why_{name}">([^<]+)<', page)
    return found.group(1) if found else None


def send(who, row, act, *, fresh=True, **fields):
    """Send the form of a dialog, with the version that the page has."""
    reader = Reader(who, fresh=fresh)
    return reader.send(at(row), act=act, version=str(row.version), **fields)
