"""Running case files: a file, a folder, JSON lines, and what cannot be read."""

import json
from pathlib import Path

import pytest

from backend.protocol.cases import main

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


def test_a_file_that_is_met_ends_with_the_count(capsys):
    code = main([str(OURS)])

    assert code == 0
    assert capsys.readouterr().out.endswith(" passed, 0 failed\n")


def test_a_folder_means_the_case_files_in_it(tmp_path, capsys):
    written(tmp_path)
    (tmp_path / "README.md").write_text("not a case")

    assert main([str(tmp_path)]) == 0
    assert capsys.readouterr().out == "1 passed, 0 failed\n"


def test_what_is_not_met_is_named_and_the_code_is_not_zero(tmp_path, capsys):
    file = written(tmp_path, expect={"decision": "clear", "rules": []})

    code = main([str(file)])

    line, count = capsys.readouterr().out.splitlines()
    assert (code, count) == (1, "0 passed, 1 failed")
    assert "hold instead of clear" in line


@pytest.mark.parametrize("text", ["{", '{"pack": "jp"}\n', "[[case]]\nid = 1"])
def test_a_file_that_is_no_case_file_is_refused_without_a_traceback(tmp_path, capsys, text):
    file = tmp_path / ("odd.toml" if text.startswith("[[") else "odd.jsonl")
    file.write_text(text)

    assert main([str(file)]) == 2
    assert "cannot read the cases" in capsys.readouterr().err
