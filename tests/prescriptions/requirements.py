"""Asking for the requirements of a prescription, and reading the answer."""

from tests.callers import Caller


def ask(row, by, language="en"):
    return Caller(by, language=language).get(f"/v1/prescriptions/{row.ref}/requirements")


def by_code(answer):
    assert answer.status_code == 200, answer.content
    return {one["code"]: one for one in answer.json()["requirements"]}


def open_ones(answer):
    return [code for code, one in by_code(answer).items() if not one["completed"]]
