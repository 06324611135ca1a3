"""The what-if question gives the engine's own answers: our case files, asked over the API."""

from pathlib import Path

import pytest

from backend.protocol.cases import answer, read_cases
from backend.protocol.facts import case_from_facts, facts_of
from tests import protocol
from tests.callers import Caller
from tests.factories.accounts import PhysicianFactory

pytestmark = pytest.mark.django_db
FOLDER = Path(protocol.__file__).parent
FILES = sorted(file.name for file in FOLDER.glob("*.toml"))


@pytest.mark.parametrize("name", FILES)
def test_the_api_answers_as_the_engine_does(name):
    caller = Caller(PhysicianFactory())

    for case in read_cases(FOLDER / name):
        facts = facts_of(case_from_facts(case.facts, case.now))
        body = {"pack": case.pack, "purpose": case.purpose, "now": case.now.isoformat()}
        said = caller.post("/v1/protocol/assessments", body | {"facts": facts}).json()

        found = answer(case)
        assert (said["pack"], said["decision"]) == (found.pack, found.decision), case.name
        assert sorted((one["rule"], one["level"], one["missing"]) for one in said["findings"]) == (
            sorted((one.rule, one.level, list(one.missing)) for one in found.findings)
        ), case.name
