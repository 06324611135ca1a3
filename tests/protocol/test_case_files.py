"""Running case files: a file, a folder, JSON lines, and what cannot be read."""

import json
from datetime import date
from pathlib import Path

import pytest

from backend.protocol import assess as engine
from backend.protocol.ask import Ask, rule
from backend.protocol.cases import main, read_cases

OURS = Path(__file__).with_name("vignettes.toml")
LINE = {
    "pack": "jp",
    "purpose": "second_course",
    "now": "2026-03-10T12:00:00Z",
    "facts": {"patient": {"zone": "Europe/London"}},
    "expect": {"decision": "hold", "rules": ["T-20"], "missing": ["course.previous.ended_on"]},
}


def written(folder: Path, **changes) -> Path:
    file = folder / "lines.jsonl"
    file.write_text(json.dumps({**LINE, **changes}) + "\n", encoding="utf-8")
    return file


BASES = """
[base.woman]
purpose = "intake"
now = 2026-03-10T12:00:00Z
[base.woman.facts.patient]
zone = "Asia/Tokyo"
allergies = []
[base.woman.facts.course.previous]
dispensed_mg_per_kg = 100
[base.older]
extends = "woman"
now = 2026-05-10T12:00:00Z
[base.older.facts.course.previous]
ended_on = 2026-01-10
"""


def facts_of(tmp_path, cases) -> list:
    """The facts of each case of a TOML file that begins with our bases."""
    file = tmp_path / "cases.toml"
    file.write_text(BASES + cases, encoding="utf-8")
    return [expectation.facts for expectation in read_cases(file)]


def test_a_case_stands_on_its_base_and_that_on_another(tmp_path):
    (facts,) = facts_of(
        tmp_path,
        """
        [[case]]
        id = "a"
        extends = "older"
        set.patient.allergies = ["soya"]
        set.course = {number = 2}
        expect.jp = {decision = "hold", rules = []}
        """,
    )

    assert facts == {
        "patient": {"zone": "Asia/Tokyo", "allergies": ["soya"]},
        "course": {
            "number": 2,
            "previous": {"dispensed_mg_per_kg": 100, "ended_on": date(2026, 1, 10)},
        },
    }


def test_what_one_case_removes_is_there_in_the_next(tmp_path):
    removed, kept = facts_of(
        tmp_path,
        """
        [[case]]
        id = "a"
        extends = "older"
        unset = ["patient.allergies", "course.previous.ended_on", "plan.months", "patient.phq"]
        expect.jp = {decision = "hold", rules = []}
        [[case]]
        id = "b"
        extends = "older"
        expect.jp = {decision = "hold", rules = []}
        """,
    )

    assert removed == {
        "patient": {"zone": "Asia/Tokyo"},
        "course": {"previous": {"dispensed_mg_per_kg": 100}},
    }
    assert kept["patient"]["allergies"] == []
    assert kept["course"]["previous"]["ended_on"] == date(2026, 1, 10)


def test_a_file_that_is_met_ends_with_the_count(capsys):
    code = main([str(OURS)])

    assert code == 0
    assert capsys.readouterr().out.endswith(" passed, 0 failed\n")


def test_a_folder_means_the_case_files_in_it(tmp_path, capsys):
    written(tmp_path)
    case = '[[case]]\nid = "a"\nextends = "woman"\nexpect.jp = {decision = "hold", rules = []}\n'
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "cases.toml").write_text(BASES + case)
    (tmp_path / "README.md").write_text("not a case")

    assert main([str(tmp_path)]) == 0
    assert capsys.readouterr().out == "2 passed, 0 failed\n"


def test_lines_may_be_blank_and_the_file_may_begin_with_a_byte_order_mark(tmp_path, capsys):
    line = json.dumps({**LINE, "note": "日本"}, ensure_ascii=False)
    (tmp_path / "lines.jsonl").write_text(f"{line}\n\n{line}\n", encoding="utf-8-sig")

    assert main([str(tmp_path)]) == 0
    assert capsys.readouterr().out == "2 passed, 0 failed\n"


def test_what_is_not_met_is_named_and_the_code_is_not_zero(tmp_path, capsys):
    file = written(tmp_path, expect={"decision": "clear", "rules": []})

    code = main([str(file)])

    line, count = capsys.readouterr().out.splitlines()
    assert (code, count) == (1, "0 passed, 1 failed")
    assert "hold instead of clear" in line


def test_everything_that_is_not_met_stands_in_one_line_with_the_findings(tmp_path, capsys):
    expect = {
        "decision": "clear",
        "pack": "uk_mhra_2026",
        "rules": ["D-01", "T-20"],
        "absent": ["T-20", "D-02"],
        "missing": ["patient.allergies", "course.previous.ended_on"],
    }

    main([str(written(tmp_path, id="own-1", expect=expect))])

    line, _ = capsys.readouterr().out.splitlines()
    reasons = line.removeprefix("own-1 jp: ").split("; ")
    levels = reasons.pop(3)
    assert reasons == [
        "lacks D-01",
        "has T-20",
        "does not miss patient.allergies",
        "answered by jp_house_2026",
    ]
    assert levels.startswith("hold instead of clear (")
    assert "T-20 hold" in levels


def test_only_the_decision_has_to_be_expected(tmp_path, capsys):
    main([str(written(tmp_path, expect={"decision": "hold"}))])

    assert capsys.readouterr().out == "1 passed, 0 failed\n"


def test_a_rule_that_breaks_is_named_even_if_the_decision_is_met(tmp_path, capsys, monkeypatch):
    @rule("C-06", "S")
    def broken(_: Ask) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr(engine, "RULES", (broken,))

    main([str(written(tmp_path, expect={"decision": "hold", "rules": ["C-06"]}))])

    assert capsys.readouterr().out == "line 1 jp: C-06 broke\n0 passed, 1 failed\n"


@pytest.mark.parametrize("text", ["{", '{"pack": "jp"}\n', "[[case]]\nid = 1"])
def test_a_file_that_is_no_case_file_is_refused_without_a_traceback(tmp_path, capsys, text):
    file = tmp_path / ("odd.toml" if text.startswith("[[") else "odd.jsonl")
    file.write_text(text)

    assert main([str(file)]) == 2
    assert "cannot read the cases" in capsys.readouterr().err
