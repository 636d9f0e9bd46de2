"""The commands over tables: lines of JSON, or status 2 and one sentence on standard error."""

from __future__ import annotations

import csv
import json
import subprocess
import sys

import numpy as np
import pytest

from core.__main__ import main
from core.ranking import rank_stations
from tests.support.ranking.planted_worlds import Plan, planted
from tests.support.requirements import ROOT

SCORES = ("station", "inspector", "staff", "day", "score")


@pytest.fixture
def run(tmp_path, capsys):
    """The answers of a command over a table that is written first, text or rows."""

    def running(command, table, encoding="utf-8"):
        path = tmp_path / "table.csv"
        if isinstance(table, str):
            path.write_bytes(table.encode(encoding))
        else:
            with path.open("w", encoding=encoding, newline="") as file:
                csv.writer(file).writerows(table)
        status = main([command, str(path)])
        printed = capsys.readouterr()
        return status, [json.loads(line) for line in printed.out.splitlines()], printed.err

    return running


def score_rows(world):
    columns = (world.station, world.inspector, world.staff, world.day, world.score)
    return [SCORES, *zip(*(column.tolist() for column in columns), strict=True)]


def test_verdicts_are_those_of_the_ranking(run):
    world = planted(Plan("test", station_sd=3.0), np.random.default_rng(3))
    status, lines, err = run("verdicts", score_rows(world))
    expected = rank_stations(world.cells()).comparison
    assert (status, err) == (0, "")
    *rows, last = lines
    assert [row["station"] for row in rows] == [str(row.station) for row in expected.rows]
    for row, one in zip(rows, expected.rows, strict=True):
        assert row["adjusted"] == pytest.approx(one.adjusted)
        assert row["reference"] == pytest.approx(expected.reference)
        assert list(row["difference"].values()) == pytest.approx(tuple(one.difference))
        assert row["verdict"] == one.verdict
        assert row["mean"] == pytest.approx(world.score[world.station == one.station].mean())
    assert last["compared"] == 8
    below, above = (sum(row["verdict"] == side for row in rows) for side in ("below", "above"))
    assert last["headline"] == (
        f"8 of 8 stations compared: {below} below the network, {above} above it,"
        f" {8 - below - above} cannot be told."
    )


def test_a_channel_is_a_kind_of_case_and_not_a_merit(run):
    """Both stations are alike on either channel; the second merely has more of the easy one."""
    rng = np.random.default_rng(4)
    rows = [(*SCORES, "channel")]
    for k in range(400):
        station, channel = "AB"[k % 2], "phone" if k % 20 < (15, 4)[k % 2] else "chat"
        score = (80 if channel == "phone" else 90) + rng.normal(0, 3)
        rows.append((station, k % 3, f"{station}{k % 7}", k % 60, score, channel))
    _, (first, second, last), _ = run("verdicts", rows)
    assert abs(first["mean"] - second["mean"]) > 4
    assert abs(first["adjusted"] - second["adjusted"]) < 1
    assert {first["verdict"], second["verdict"]} == {"cannot_tell"}
    _, (first, second, last), _ = run("verdicts", [row[:5] for row in rows])
    assert {first["verdict"], second["verdict"]} == {"above", "below"}
    assert "One comparison of two stations" in last["headline"]


def test_tables_are_read_with_quotes_byte_order_mark_and_columns_in_any_order(run):
    text = (
        "note,score,day,staff,inspector,station\r\n"
        '"a, b",80,2026-11-28,7,I,"Taipei, ""T1"""\r\n'
        "\r\n"
        ',+8.5e1 ,20261129,7,I,"Taipei, ""T1"""\r\n'
    )
    for encoding in ("utf-8", "utf-8-sig"):
        status, (row, last), _ = run("verdicts", text, encoding)
        assert (status, row["station"], row["n"], row["mean"]) == (0, 'Taipei, "T1"', 2, 82.5)
        assert (row["verdict"], last["compared"]) == ("too_few", 0)


@pytest.mark.parametrize("inspectors", [1, 3])
def test_equal_scores_tell_nothing_apart(run, inspectors):
    rows = [(s, k % inspectors, k % 4, k, 85.3) for s in "AB" for k in range(40)]
    status, (first, second, last), _ = run("verdicts", [SCORES, *rows])
    assert status == 0
    assert {first["verdict"], second["verdict"]} == {"cannot_tell"}
    assert first["reference"] == pytest.approx(85.3)
    assert first["difference"] == {"low": None, "high": None}
    assert last["headline"] == "2 of 2 stations compared; none can be told from the network."


def test_one_inspector_compares_all_stations(run):
    rng = np.random.default_rng(5)
    rows = [(s, "I", k % 6, k, 80 + 9 * s + rng.normal()) for s in range(3) for k in range(40)]
    _, lines, _ = run("verdicts", [SCORES, *rows])
    assert lines[0]["verdict"] == "below"
    assert lines[2]["verdict"] == "above"


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        ("", "The file table.csv is empty."),
        ("\ufeff\n \n", "The file table.csv is empty."),
        ("a,b\n1,2\n", "table.csv has no column station."),
        ("station,inspector,staff,day,score,score\n", "table.csv has two columns score."),
        ("station,inspector,staff,day,score\n", "table.csv has headings but no rows."),
        ("station,inspector,staff,day,score\nA,I,S,1\n", "4 cells instead of 5"),
        ("station,inspector,staff,day,score\nA,I,S,1,2,3\n", "line 2: 6 cells instead of 5"),
        ("station,inspector,staff,day,score\nA,I,S,1,\n", "line 2: score is empty"),
        ("station,inspector,staff,day,score\nA,,S,1,2\n", "line 2: inspector is empty"),
        ("station,inspector,staff,day,score\nA,I,S,1,nan\n", "nan in score is no number"),
        ("station,inspector,staff,day,score\nA\0,I,S,1,9\n", "line 2: a cell holds a damaged"),
        ("station,inspector,staff,day,score\nA,I,S,1,1e400\n", "1e400 in score is no number"),
        ("station,inspector,staff,day,score\nA,I,S,1,{x}\n", "{x} in score is no number"),
        ("station,inspector,staff,day,score\nA,I,S,2026-02-30,3\n", "2026-02-30 in day is no day"),
        ("station,inspector,staff,day,score\nA,I,S,soon,3\n", "soon in day is no day"),
        ('station,inspector,staff,day,score\nA,I,S,1,"3\n', "line 2: unexpected end of data"),
    ],
)
def test_a_table_that_does_not_fit_gets_one_sentence_and_no_lines(run, table, sentence):
    status, lines, err = run("verdicts", table)
    assert (status, lines) == (2, [])
    assert sentence in err
    assert err.count("\n") == 1


def test_what_is_no_text_or_is_not_there_gets_a_sentence(run, capsys, tmp_path):
    assert run("verdicts", "station\n\xff", "latin-1")[0::2] == (
        2,
        "The file table.csv cannot be read.\n",
    )
    assert main(["verdicts", str(tmp_path / "none.csv")]) == 2
    assert capsys.readouterr().err == "The file none.csv cannot be read.\n"


def test_the_commands_run_as_programs(tmp_path):
    table = tmp_path / "table.csv"
    table.write_text("station,inspector,staff,day,score\n臺北,I,S,1,80\n", encoding="utf-8")
    command = [sys.executable, "-m", "core", "verdicts", str(table)]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, check=False, timeout=300)
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout.decode("utf-8").splitlines()[0])["station"] == "臺北"


def test_a_trend_is_told_station_by_station_in_the_order_of_the_file(run):
    rng = np.random.default_rng(6)
    rows = [("station", "month", "n", "mean", "sd")]
    for station in ("Z", "A", "M"):
        for k in range(3 if station == "A" else 6):
            step = 6 if station == "Z" and k > 2 else 0
            rows.append((station, f"2026-{k + 1:02}", 40, 88 + step + rng.normal(0, 1.1), 7))
    status, lines, _ = run("trend", [rows[0], *rows[:0:-1]])
    assert status == 0
    assert [(line["station"], line["signal"]) for line in lines] == [
        ("M", False),
        ("A", "too_few"),
        ("Z", True),
    ]
    assert lines[1]["power"] is None
    assert 0.5 < lines[0]["power"] < 1
    assert lines[1]["sentence"] == "Too few months to tell: 3 of at least 6."


def test_months_without_inspections_are_gaps(run):
    rows = [
        ("A", 202600 + k, 0 if k == 4 else 40, "" if k == 4 else 88, "" if k == 4 else 7)
        for k in range(1, 9)
    ]
    status, (line,), _ = run("trend", [("station", "month", "n", "mean", "sd"), *rows])
    assert (status, line["signal"]) == (0, False)
    assert "in 7 months" in line["sentence"]


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("A,2026-13,4,88,7", "2026-13 in month is no month"),
        ("A,2026-01,4.5,88,7", "4.5 in n is no count"),
        ("A,2026-01,-4,88,7", "-4 in n is no count"),
        ("A,2026-01,4,inf,7", "inf in mean is no number"),
        ("A,2026-01,4,88,-7", "-7 in sd is below 0"),
        ("A,2026-01,4,88,", "sd is empty"),
        ("A,2026-01,4,88,7\nA,202601,4,88,7", "line 3: month 202601 of the station is there twice"),
    ],
)
def test_months_that_cannot_be_get_a_sentence(run, row, sentence):
    status, lines, err = run("trend", f"station,month,n,mean,sd\n{row}\n")
    assert (status, lines) == (2, [])
    assert sentence in err


def test_agreement_is_judged_item_by_item(run):
    rows = [("item", "first", "second")]
    rows += [("even", k % 4, k % 4) for k in range(40)]
    rows += [("words", ("yes", "no")[k % 2], ("yes", "no")[k // 2 % 2]) for k in range(40)]
    rows += [("few", "yes", "no")]
    rows += [("constant", 1, 1)] * 40
    status, (even, words, few, constant), err = run("agreement", rows)
    assert (status, err) == (0, "")
    assert [line["verdict"] for line in (even, words, few, constant)] == [
        *("agrees", "disagrees", "too_few", "agrees")
    ]
    assert even["alike"]["value"] == even["ac1"]["value"] == even["ac2"]["value"] == 1
    assert words["ac2"] is None
    assert words["ac1"]["value"] == pytest.approx(0)
    assert words["alpha"]["low"] < words["alpha"]["value"] < words["alpha"]["high"]
    assert (few["alike"]["low"], few["alike"]["high"]) == (None, None)
    assert constant["alpha"] == {"value": None, "low": None, "high": None}
    assert 0 < constant["ac1"]["low"] < constant["ac1"]["high"] == 1


def test_a_pair_with_half_of_it_missing_is_refused(run):
    status, lines, err = run("agreement", "item,first,second\nA,1,1\nA,1,\n")
    assert (status, lines, err) == (2, [], "table.csv, line 3: second is empty.\n")


@pytest.mark.parametrize("rating", ["nan", "NaN", "-inf", "Infinity"])
def test_what_is_not_finite_is_no_rating(run, rating):
    status, lines, err = run("agreement", f"item,first,second\nx,1,1\nx,{rating},1\n")
    assert (status, lines) == (2, [])
    assert err == f"table.csv, line 3: {rating} in first is no rating.\n"
