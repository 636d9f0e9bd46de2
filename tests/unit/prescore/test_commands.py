"""python -m core.prescore: a line of JSON for each row, or status 2 and one sentence."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys

import pytest

from core.prescore.__main__ import main
from tests.support.prescore.dialogues import dialogue, row, write_rows
from tests.support.requirements import ROOT

RULES = ("rules", "--item", "greeting", "--speaker", "agent")
GREETED = dialogue("A: 您好，请问有什么可以帮您", "C: 订票", name="first", language="zh-CN")
EMPTY = dialogue(name="second")


@pytest.fixture
def run(capsys):
    """Status, lines of JSON and the error of a command."""

    def running(*arguments):
        status = main([*map(str, arguments)])
        printed = capsys.readouterr()
        return status, [json.loads(line) for line in printed.out.splitlines()], printed.err

    return running


@pytest.mark.parametrize("name", ["rows.jsonl.gz", "rows.jsonl"])
def test_a_line_for_each_row_in_order(run, tmp_path, name):
    path = write_rows(
        tmp_path / name, [row(GREETED, labels={"greeting": "nobody knows"}), row(EMPTY)]
    )
    status, lines, error = run(*RULES, path)
    assert (status, error) == (0, "")
    model = lines[0]["model"]
    assert lines == [
        {
            "id": "first",
            "answer": "yes",
            "probability": None,
            "reason": None,
            "pins": [{"turn": 1, "start": 0, "end": 2}],
            "model": model,
        },
        {
            "id": "second",
            "answer": None,
            "probability": None,
            "reason": "no_text",
            "pins": [],
            "model": model,
        },
    ]


def test_rows_that_are_odd_get_their_line_too(run, tmp_path):
    turns = [
        [{"speaker": None, "text": None}, {"text": "您好"}],
        [{"speaker": "Agent ", "text": "\ud83d 您好 \x00"}],
        [{"speaker": "both", "text": "您好"}, {"speaker": "agent", "text": "🙂"}],
    ]
    rows = [
        {"id": number, "language": None, "turns": own, "labels": "none"}
        for number, own in enumerate(turns)
    ]
    path = tmp_path / "odd.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    status, lines, error = run(*RULES, path)
    assert (status, error) == (0, "")
    assert [(line["id"], line["answer"], line["reason"]) for line in lines] == [
        (0, None, "no_text"),
        (1, "yes", None),
        (2, None, "no_text"),
    ]
    assert lines[1]["pins"] == [{"turn": 1, "start": 2, "end": 4}]


GOOD = json.dumps(row(GREETED))


def test_rows_of_one_id_are_answered_each(run, tmp_path):
    path = write_rows(tmp_path / "twice.jsonl", [row(GREETED), row(EMPTY), row(GREETED)])
    status, lines, _ = run(*RULES, path)
    assert (status, [line["id"] for line in lines]) == (0, ["first", "second", "first"])
    assert lines[0] == lines[2]


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ([GOOD, "{not json"], "line 2: this is no JSON."),
        ([GOOD, "", "[]"], "line 3: this is no object with an id and turns."),
        (['{"turns": []}'], "line 1: the row has no id."),
        (['{"id": "a"}'], "line 1: the row has no list of turns."),
        (
            ['{"id": "a", "turns": [{"speaker": "agent", "text": 3}]}'],
            "line 1: turn 1 has no text.",
        ),
    ],
)
def test_what_is_wrong_is_named_with_its_line_and_nothing_is_printed(
    run, tmp_path, lines, sentence
):
    path = tmp_path / "rows.jsonl.gz"
    path.write_bytes(gzip.compress("\n".join(lines).encode()))
    assert run(*RULES, path) == (2, [], f"rows.jsonl.gz, {sentence}\n")


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("missing.jsonl", None, "The file missing.jsonl cannot be read."),
        ("rows.jsonl.gz", b"{}", "The file rows.jsonl.gz is not packed with gzip."),
        (
            "rows.jsonl.gz",
            gzip.compress(b"{}" * 99, mtime=0)[:-9],
            "The file rows.jsonl.gz cannot be read.",
        ),
        ("rows.jsonl", b"\xff\xfe", "The file rows.jsonl cannot be read."),
        ("rows.jsonl", b"\n", "The file rows.jsonl is empty."),
    ],
)
def test_a_file_that_cannot_be_used_is_refused(run, tmp_path, name, content, sentence):
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    assert run(*RULES, path) == (2, [], f"{sentence}\n")


@pytest.mark.parametrize("arguments", [("--item", "mood"), ("--speaker", "bot")])
def test_an_unknown_item_or_speaker_is_refused(run, tmp_path, capsys, arguments):
    with pytest.raises(SystemExit) as refused:
        main([*RULES, *arguments, str(tmp_path)])
    printed = capsys.readouterr()
    assert (refused.value.code, printed.out) == (2, "")
    assert "invalid choice" in printed.err


@pytest.mark.parametrize("command", [(), ("rules",)])
def test_help_is_there(command):
    asked = (sys.executable, "-m", "core.prescore", *command, "--help")
    printed = subprocess.run(asked, cwd=ROOT, check=True, capture_output=True, text=True)
    assert "usage: python -m core.prescore" in printed.stdout
