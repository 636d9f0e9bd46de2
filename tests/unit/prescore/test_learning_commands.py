"""python -m core.prescore fit and answer: a model in a file, and what it answers."""

from __future__ import annotations

import json

import pytest

from core.prescore.__main__ import main
from core.prescore.model_file import read_model
from tests.support.prescore.dialogues import dialogue, row, write_rows
from tests.support.prescore.learning import bookings


def labelled_rows(count, seed, item="receipt"):
    return [
        row(one, labels={item: {"yes": label.share, "turns": sorted(label.turns)}})
        for one, label in bookings(count, seed)
    ]


@pytest.fixture
def files(tmp_path):
    """Answers to learn from and to prove on, and where the model goes."""
    learned = write_rows(tmp_path / "learned.jsonl.gz", labelled_rows(300, 1))
    held_back = write_rows(tmp_path / "held_back.jsonl", labelled_rows(400, 2))
    return {"--labels": learned, "--calibration": held_back, "--out": tmp_path / "a model"}


@pytest.fixture
def run(capsys):
    def running(*arguments):
        status = main([*map(str, arguments)])
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return running


def fitting(files, **changed):
    options = files | {f"--{name}": value for name, value in changed.items()}
    return ["fit", "--item", "receipt", *(part for pair in options.items() for part in pair)]


def test_a_model_is_written_and_answers_each_row_in_order(run, files, tmp_path):
    assert run(*fitting(files)) == (0, "", "")
    _, version = read_model(files["--out"])
    unlabelled = [row(one) for one, _ in bookings(20, 3)]
    rows = [*unlabelled, row(dialogue(name="nothing said"))]
    path = write_rows(tmp_path / "unseen.jsonl.gz", rows)
    status, out, error = run("answer", files["--out"], path)
    lines = [json.loads(line) for line in out.splitlines()]
    assert (status, error) == (0, "")
    assert [line["id"] for line in lines] == [one["id"] for one in rows]
    assert {line["model"] for line in lines} == {version}
    assert {line["answer"] for line in lines[:-1]} >= {"yes", "no"}
    assert all(0 <= line["probability"] <= 1 for line in lines[:-1])
    assert lines[-1] == {
        "id": "nothing said",
        "answer": None,
        "probability": None,
        "pins": [],
        "reason": "no_text",
        "model": version,
    }


def test_rows_that_nobody_answered_are_passed_over(run, files, tmp_path):
    assert run(*fitting(files))[0] == 0
    other = [row(one, labels={"other": {"yes": 1}}) for one, _ in bookings(5, 9)]
    more = write_rows(tmp_path / "more.jsonl", labelled_rows(300, 1) + other)
    out = tmp_path / "again"
    assert run(*fitting(files, labels=more, out=out))[0] == 0
    assert out.read_bytes() == files["--out"].read_bytes()


def test_a_label_may_be_a_share_alone(run, files, tmp_path):
    shares = [row(one, labels={"receipt": label.share}) for one, label in bookings(300, 1)]
    whole = [row(one, labels={"receipt": {"yes": label.share}}) for one, label in bookings(300, 1)]
    for name, rows in (("shares", shares), ("whole", whole)):
        labels = write_rows(tmp_path / f"{name}.jsonl", rows)
        assert run(*fitting(files, labels=labels, out=tmp_path / name))[0] == 0
    assert (tmp_path / "shares").read_bytes() == (tmp_path / "whole").read_bytes()


def test_nothing_is_learned_from_whose_customer_refuses(run, files, tmp_path):
    """Fifty more rows whose answers are turned round would make another model."""
    refusing = [
        {**one, "id": f"no-{number}", "consent": False}
        for number, one in enumerate(labelled_rows(50, 8))
    ]
    for one in refusing:
        one["labels"]["receipt"]["yes"] = 1 - one["labels"]["receipt"]["yes"]
    more = write_rows(tmp_path / "more.jsonl", labelled_rows(300, 1) + refusing)
    assert run(*fitting(files))[0] == 0
    first = files["--out"].read_bytes()
    assert run(*fitting(files, labels=more))[0] == 0
    assert files["--out"].read_bytes() == first
    willing = [{**one, "consent": True} for one in refusing]
    more = write_rows(tmp_path / "more.jsonl", labelled_rows(300, 1) + willing)
    assert run(*fitting(files, labels=more))[0] == 0
    assert files["--out"].read_bytes() != first


def test_an_encounter_whose_customer_refuses_is_not_answered(run, files, tmp_path):
    assert run(*fitting(files))[0] == 0
    rows = [row(one) for one, _ in bookings(3, 3)]
    rows[1]["consent"] = False
    path = write_rows(tmp_path / "unseen.jsonl", rows)
    _, out, _ = run("answer", files["--out"], path)
    answered = [json.loads(line)["id"] for line in out.splitlines()]
    assert answered == [rows[0]["id"], rows[2]["id"]]


def test_what_cannot_be_learned_from_is_refused_with_one_sentence(run, files, tmp_path):
    def refusal(**changed):
        status, out, error = run(*fitting(files, **changed))
        assert (status, out) == (2, "")
        return error.strip()

    bad = write_rows(
        tmp_path / "bad.jsonl", [{**labelled_rows(1, 5)[0], "labels": {"receipt": {"yes": 7}}}]
    )
    turn = write_rows(
        tmp_path / "turn.jsonl",
        [{**labelled_rows(1, 5)[0], "labels": {"receipt": {"yes": 1, "turns": [99]}}}],
    )
    twice = write_rows(tmp_path / "twice.jsonl", labelled_rows(2, 5) + labelled_rows(1, 5))
    word = write_rows(
        tmp_path / "word.jsonl", [{**labelled_rows(1, 5)[0], "labels": {"receipt": "yes"}}]
    )
    assert refusal(labels=files["--calibration"]) == (
        "Dialogue booking 2 0 is in both files; what is learned from proves nothing."
    )
    assert refusal(labels=bad) == "bad.jsonl, line 1: yes of receipt lies not from 0 to 1."
    assert refusal(labels=word) == "word.jsonl, line 1: yes of receipt lies not from 0 to 1."
    assert refusal(labels=twice) == "twice.jsonl, line 3: id booking 5 0 is there twice."
    assert refusal(labels=turn) == "turn.jsonl, line 1: receipt names a turn that is not there."
    assert refusal(labels=tmp_path / "none") == "The file none cannot be read."
    assert refusal(out=tmp_path / "none" / "model") == "The file model cannot be written."
    assert refusal(out=tmp_path) == f"The file {tmp_path.name} cannot be written."
    assert refusal(item="mood") == "Nobody answered mood for a dialogue with words."


@pytest.mark.parametrize("value", ["0", "1", "often"])
def test_a_promise_lies_between_nothing_and_certainty(files, value, capsys):
    with pytest.raises(SystemExit) as refused:
        main([*map(str, fitting(files, error=value))])
    assert refused.value.code == 2
    assert f"{value} does not lie between 0 and 1" in capsys.readouterr().err


def test_a_file_that_is_no_model_is_refused(run, files):
    status, out, error = run("answer", files["--labels"], files["--labels"])
    assert (status, out) == (2, "")
    assert error == "The file learned.jsonl.gz holds no model, or was changed.\n"
