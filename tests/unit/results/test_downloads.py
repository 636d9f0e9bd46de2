"""Tables and charts as files: harmless, readable in Chinese, numbers as numbers."""

from __future__ import annotations

import csv
from io import BytesIO, StringIO

import pytest
from openpyxl import load_workbook
from PIL import Image

from pages.ui.kit import downloads
from pages.ui.kit.charts.base import framed
from pages.ui.kit.downloads import (
    Table,
    as_csv,
    as_png,
    as_svg,
    as_xlsx,
    download_menu,
    harmless,
    name_files,
    unnamed,
)

HARMFUL = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://a.example")']
HARMFUL += [
    "\n=1",
    "\uff1d1+1",
    "\uff0b1",
    "\uff0d1",
    "\uff20A1",
]  # some spreadsheets read full width
TABLE = Table(
    "stations", ("Station", "Score", "=n"), (("桃園機場", 84.25, None), (HARMFUL[0], -3, 12))
)
BAR = {
    "mark": "bar",
    "encoding": {"y": {"field": "label", "type": "nominal"}, "x": {"field": "n"}},
}


@pytest.mark.parametrize("text", HARMFUL)
def test_a_text_that_a_spreadsheet_would_run_is_quoted(text):
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("cell", ["Taipei", "", "1+1", "84.1 - 87.3", -3, -3.5, None])
def test_other_cells_stay_as_they_are(cell):
    assert harmless(cell) == cell


def test_csv_has_a_byte_order_mark_and_no_formula():
    content = as_csv(TABLE)
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(StringIO(content.decode("utf-8-sig"))))
    assert rows == [
        ["Station", "Score", "'=n"],
        ["桃園機場", "84.25", ""],
        ["'=1+1", "-3", "12"],
    ]


def test_xlsx_holds_numbers_as_numbers_and_texts_as_texts():
    sheet = load_workbook(BytesIO(as_xlsx(TABLE))).active
    assert [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)] == [
        ["桃園機場", 84.25, None],
        ["'=1+1", -3, 12],
    ]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} == {"s", "n"}


def test_xlsx_names_its_sheet_and_shows_four_decimals_of_what_it_holds():
    """Whole numbers stay whole, and a mean of many digits is all there."""
    table = Table("stations", ("Mean", "n"), ((84.123456789, 12),))
    sheet = load_workbook(BytesIO(as_xlsx(table))).active
    assert sheet.title == "stations"
    mean, n = next(sheet.iter_rows(min_row=2))
    assert (mean.value, mean.number_format) == (84.123456789, "0.0###")
    assert (n.value, n.number_format) == (12, "General")


def test_charts_are_drawn_as_svg_and_png_with_chinese_names():
    spec = framed([BAR], [{"label": "桃園機場", "n": 3}], title="站點", height=60)
    svg = as_svg(spec, "Noto Sans CJK TC").decode()
    assert "桃園機場" in svg
    assert "Noto Sans CJK TC" in svg
    image = Image.open(BytesIO(as_png(spec, "Noto Sans CJK TC")))
    assert image.width >= 2 * 900
    assert image.convert("L").getpixel((0, 0)) == 255
    assert spec["width"] == "container", "the page's own chart is left alone"


SUBJECT = {"Station": "桃園機場", "Period": "Q4 2026 / so far", "Data version": "4316.2"}


@pytest.fixture
def made(monkeypatch):
    """The files a menu offers: names, and what makes each."""
    files = {}
    monkeypatch.setattr(
        downloads, "_button", lambda _key, name, _kind, make: files.setdefault(name, make)
    )
    return files


def test_files_say_inside_and_in_their_names_what_they_are_of(made):
    spec = framed([BAR], [{"label": "T1", "n": 3}], title="Sections", height=60)
    with unnamed():
        name_files(SUBJECT)
        download_menu("any", table=TABLE, spec=spec)
    stem = "stations_桃園機場_Q4-2026-so-far_4316.2"
    assert list(made) == [f"{stem}.{kind}" for kind in ("csv", "xlsx", "png", "svg")]
    rows = list(csv.reader(StringIO(made[f"{stem}.csv"]().decode("utf-8-sig"))))
    # the station's column is the table's own
    assert rows[0] == ["Station", "Score", "'=n", "Period", "Data version"]
    assert rows[1][3:] == ["Q4 2026 / so far", "4316.2"]
    assert "桃園機場 · Q4 2026 / so far · 4316.2" in made[f"{stem}.svg"]().decode()


def test_a_heading_that_occurs_again_follows_its_figure_so_that_each_stands_once(made):
    ends = ("Interval from", "to")
    table = Table("inspectors", ("Name", "Severity", *ends, "AC1", *ends), ((1,) * 7,))
    with unnamed():
        download_menu("any", table=table)
    rows = list(csv.reader(StringIO(made["inspectors.csv"]().decode("utf-8-sig"))))
    assert rows[0] == [
        *("Name", "Severity", "Severity · Interval from", "Severity · to"),
        *("AC1", "AC1 · Interval from", "AC1 · to"),
    ]


def test_files_of_the_next_page_are_of_nothing_again(made):
    with unnamed():
        name_files(SUBJECT)
    download_menu("any", table=TABLE)
    assert list(made) == ["stations.csv", "stations.xlsx"]


def test_a_long_name_is_cut_before_its_ending(made):
    with unnamed():
        name_files({"Checklist": "很" * 200})
        download_menu("any", table=TABLE)
    # 9 bytes of "stations_" leave room for 63 characters of 3
    assert list(made) == [f"stations_{'很' * 63}.{kind}" for kind in ("csv", "xlsx")]
