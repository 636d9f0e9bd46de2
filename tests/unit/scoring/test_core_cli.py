"""python -m core score: the JSON it prints, and the one sentence it gives for bad input."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from core.__main__ import main
from tests.support.requirements import ROOT

CASES = {
    case["id"]: case
    for case in json.loads((ROOT / "tests/data/scoring_cases.json").read_text("utf-8"))["cases"]
}
CHECKLIST = """
key: short
sections:
  - key: only
    weight: 100
    items:
      - {key: a, effects: {no: form_zero}}
      - use: INF-01
        when: {item: a, equals: yes}
"""


def _run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    status = main(["score", *map(str, arguments)])
    printed = capsys.readouterr()
    return status, printed.out, printed.err


def _files(folder: Path, checklist: str, answers: Any) -> tuple[Path, Path]:
    paths = folder / "checklist.yaml", folder / "answers.json"
    paths[0].write_text(checklist, encoding="utf-8")
    paths[1].write_text(answers if isinstance(answers, str) else json.dumps(answers), "utf-8")
    return paths


def test_it_prints_the_score_sheet(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = _files(tmp_path, CHECKLIST, {"a": {"value": "yes"}, "INF-01": {"value": "no"}})
    status, out, err = _run(capsys, *files)
    sheet = json.loads(out)
    assert (status, err) == (0, "")
    assert (sheet["score"], sheet["passed"], sheet["flags"]) == (50, False, ["INF-01", "form"])
    assert sheet["ledger"][-1]["output"] == 50


def test_answers_may_stand_under_a_key(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = _files(tmp_path, CHECKLIST, {"answers": {"a": {"value": "no"}}})
    status, out, _ = _run(capsys, *files)
    assert status == 0
    assert json.loads(out)["score"] == 0


def test_it_reads_the_form_of_another_system(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case = CASES["AWS-15"]
    files = _files(tmp_path, json.dumps(case["form"]), case["answers"])
    status, out, _ = _run(capsys, *files, "--preset", "connect")
    assert status == 0
    # the reading in which N/A spreads over all items: 100/3 + 100/3 x 1/2 + 100/3 x 1/2
    assert json.loads(out)["score"] == pytest.approx(200 / 3)


def test_it_reads_a_whole_case_with_its_system(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case = CASES["ZEN-04"]
    files = _files(tmp_path, json.dumps(case), case)
    status, out, _ = _run(capsys, *files)
    assert status == 0
    assert json.loads(out)["flags"] == case["expect"]["flags"]


@pytest.mark.parametrize(
    ("checklist", "answers", "told"),
    [
        ("key: [", "{}", "checklist.yaml, line 1"),
        ("key: a\nkey: b\n", "{}", "checklist.yaml, line 2: key stands here twice."),
        ("a: &x 1\nb: *x\n", "{}", "references are not read"),
        ("", "{}", "A mapping is expected"),
        (
            CHECKLIST.replace("INF-01", "INF-99"),
            "{}",
            "line 8, INF-99.use: The library has no item",
        ),
        (CHECKLIST, "{", "answers.json, line 1"),
        (CHECKLIST, "[]", "answers.json holds no answers by item key."),
        (CHECKLIST, '{"b": {"value": "yes"}}', "There is no item b in this checklist."),
        (CHECKLIST, '{"a": {"value": "maybe"}}', "Item a: maybe is none of its options."),
    ],
)
def test_bad_input_gets_status_2_and_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], checklist: str, answers: str, told: str
) -> None:
    status, out, err = _run(capsys, *_files(tmp_path, checklist, answers))
    assert (status, out) == (2, "")
    assert told in err
    assert len(err.strip().splitlines()) == 1


def test_a_file_that_is_not_there_gets_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, _, err = _run(capsys, tmp_path / "none.yaml", tmp_path / "none.json")
    assert (status, err) == (2, "The file none.yaml cannot be read.\n")


def test_it_runs_as_a_program_and_scores_a_shipped_checklist(tmp_path: Path) -> None:
    answers = tmp_path / "answers.json"
    answers.write_text("{}", encoding="utf-8")
    phone = ROOT / "core/standards/checklists/phone.yaml"
    command = [sys.executable, "-m", "core", "score", str(phone), str(answers)]
    ran = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300
    )
    assert ran.returncode == 0, ran.stderr
    sheet = json.loads(ran.stdout)
    assert sheet["score"] is None
    assert sheet["missing"]


def test_it_checks_a_checklist_before_activation(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Section weights of 90 bar activation; what the words leave open does not."""
    checklist = tmp_path / "checklist.yaml"
    text = "Where needed, an interpreter was called."
    checklist.write_text(
        f"key: a\nsections: [{{key: s, weight: 90, items: [{{key: q, text: {{en: '{text}'}}}}]}}]",
        "utf-8",
    )
    status = main(["check-checklist", str(checklist)])
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert status == 1
    assert {
        "path": "sections",
        "severity": "error",
        "message": "Weights sum to 90, not 100.",
    } in told
    assert told[-1]["message"].startswith(
        "q speaks of an occasion that may not come (“Where needed”)"
    )
    assert main(["check-checklist", str(ROOT / "core/standards/checklists/order.yaml")]) == 0
