"""Whole cases: facts in, decision out. The file is written for people to read."""

from pathlib import Path

import pytest

from backend.protocol.cases import answer, complaints, main, read_cases, run

FILE = Path(__file__).parent / "vignettes.toml"
CASES = read_cases(FILE)
OURS = [
    *CASES,
    *(case for name in ("edges", "course") for case in read_cases(FILE.with_stem(name))),
]


@pytest.mark.parametrize("expectation", OURS, ids=lambda e: f"{e.name}-{e.pack}")
def test_vignette(expectation):
    assert complaints(expectation) == []


@pytest.mark.parametrize("expectation", OURS, ids=lambda e: f"{e.name}-{e.pack}")
def test_every_finding_says_why_what_to_do_and_from_where(expectation):
    for finding in answer(expectation).findings:
        said = (finding.message, finding.remedy)

        assert all(text.ja and text.en for text in said), finding
        assert not [text for text in said if "?" in text.en[:-1]], "a placeholder is not filled"
        assert finding.evidence or finding.missing, finding
        assert finding.source
        assert (finding.patient_message is None) == (finding.level in {"counsel", "warn"}), finding


def test_the_runner_counts_and_names_what_fails(tmp_path, capsys):
    text = FILE.read_text(encoding="utf-8")
    wrong = tmp_path / "wrong.toml"
    wrong.write_text(text.replace('"clear", rules = ["P-JP-04"', '"stop", rules = ["P-JP-04"'))

    lines, passed = run([wrong])

    assert passed == len(CASES) - 1
    assert lines[0].startswith("own-01 jp_house_2026: clear instead of stop")
    assert main([str(FILE)]) == 0
    assert capsys.readouterr().out == f"{len(CASES)} passed, 0 failed\n"


def test_the_runner_reads_json_lines(tmp_path):
    lines = tmp_path / "cases.jsonl"
    lines.write_text(
        '{"pack": "jp", "purpose": "intake", "now": "2026-05-20T00:00:00Z", "facts": {},'
        ' "expect": {"decision": "hold", "rules": ["X-07"], "missing": ["patient.zone"]}}\n'
        '{"pack": "jp", "purpose": "intake", "now": "2026-05-20T00:00:00Z",'
        ' "facts": {"patient": {"zones": 1}}, "expect": {"decision": "hold", "rules": []}}\n'
    )

    failing, passed = run([lines])

    assert passed == 1
    assert failing == ["line 2 jp: refused: The facts are not a case ['/patient/zones']"]
