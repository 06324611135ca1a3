"""The laws of rooms, names and pages, each broken once on purpose."""

from backend.kernel.actor import Role
from backend.kernel.verbs import Verbs, verb
from tests.laws import rooms


class Refusal:
    code = "refused"


class Finer(Refusal):
    code = "refused"


class Stranger:
    code = "refused"


def test_an_app_without_page_tables_or_events_is_found():
    whole = {
        "README.md": "# a\n",
        "services": "",
        "rules.py": "TABLES = ()",
        "events.py": "x = 1\nEVENTS = ()",
    }

    assert rooms.lacking_rooms("a", whole) == []
    assert rooms.lacking_rooms("a", {"services": ""}) == [
        "a: no README.md",
        "a: no TABLES in rules.py",
        "a: no EVENTS in events.py",
    ]


def test_line_forty_one_of_a_page_is_one_too_many():
    assert rooms.lacking_rooms("a", {"README.md": "x\n" * 40}) == []
    assert len(rooms.lacking_rooms("a", {"README.md": "x\n" * 41})) == 1


def test_a_drawer_is_found():
    assert rooms.drawers("backend/booking/utils.py") == ["backend/booking/utils.py: utils"]
    assert rooms.drawers("backend/common/slots.py") == ["backend/common/slots.py: common"]
    assert rooms.drawers("backend/booking/slots.py") == []


def test_a_full_init_is_found():
    assert rooms.full_inits("a/__init__.py", "from a.b import c\n") == ["a/__init__.py: not empty"]
    assert rooms.full_inits("a/__init__.py", "\n") == []


def test_a_signal_is_found():
    assert rooms.signals("a.py", "from django.db.models.signals import post_save")
    assert rooms.signals("a.py", "import django.dispatch")
    assert rooms.signals("a.py", "import signal\nfrom django.db import models") == []


def test_a_task_that_does_not_exist_is_found():
    assert rooms.tasks_that_nobody_runs(["w.a", "w.b"], ["w.a"]) == ["w.b: no such task"]


def test_a_code_of_two_strangers_is_found_and_a_refinement_is_fine():
    assert rooms.codes_with_two_meanings([Refusal, Finer]) == []
    assert rooms.codes_with_two_meanings([Refusal, Stranger]) == ["refused: Refusal, Stranger"]


def test_a_status_that_no_verb_leads_to_is_found():
    table = Verbs("visit", ["held", "lost"], verb("hold", Role.PATIENT, to=["held"]))

    assert rooms.statuses_out_of_reach([table]) == ["visit: nothing leads to lost"]


def test_a_status_that_only_the_database_or_only_the_table_knows_is_found():
    tables = {"visit": ["held", "lost"]}

    assert rooms.statuses_that_differ({"visit": ["lost", "held"], "key": ["x"]}, tables) == []
    assert rooms.statuses_that_differ({"visit": ["held"]}, tables) == ["visit: lost"]
    assert rooms.statuses_that_differ({"visit": ["held", "lost", "sold"]}, tables) == [
        "visit: sold"
    ]


def test_a_thing_without_a_word_is_found():
    glossary = "| follow-up | ... |\n| halt / resume | ... |\n"

    assert rooms.missing_words(["follow_up", "halt"], glossary) == []
    assert rooms.missing_words(["signing_key"], glossary) == ["signing_key: not in the glossary"]


def test_a_path_that_leads_nowhere_is_found():
    page = "see `backend/a.py`, `backend/b/` and `make test`"

    assert rooms.places_that_are_not_there(page, {"backend/b/"}.__contains__) == [
        "backend/a.py: not there"
    ]


def test_a_variable_that_nobody_explains_is_found():
    settings = 'A = env.text("A_WORD")\nB = env.flag(\n    "B_FLAG", default=False\n)'

    assert rooms.unexplained_variables(settings, "A_WORD=\n# B_FLAG=0  1 does\n") == []
    assert rooms.unexplained_variables(settings, "A_WORD=\n") == ["B_FLAG: not in .env.example"]
