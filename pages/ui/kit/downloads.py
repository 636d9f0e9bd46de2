"""Tables as CSV and XLSX, charts as PNG and SVG, made when they are downloaded."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from copy import deepcopy
from functools import partial
from io import BytesIO, StringIO
from typing import Any, NamedTuple

import streamlit as st
import vl_convert
import xlsxwriter

from pages.ui.kit.messages import _, language

Cell = str | int | float | None
_subject: ContextVar[Mapping[str, str]] = ContextVar("subject", default={})  # noqa: B039  never changed
"""What the figures of the page that runs are of, by heading."""
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", *"\uff1d\uff0b\uff0d\uff20")
_FONTS = {"zh_CN": "Noto Sans CJK SC", "zh_TW": "Noto Sans CJK TC"}
_VEGA_LITE = "6.4"
_WIDTH = 900
_LONGEST_NAME = 200
"""Bytes; file systems take 255, and browsers add a number."""
_LONGEST_SHEET = 31


class Table(NamedTuple):
    """A table as it is downloaded: `name` becomes the file's name."""

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]

    @classmethod
    def of(cls, name: str, columns: Mapping[str, Sequence[Cell]]) -> Table:
        return cls(name, tuple(columns), tuple(zip(*columns.values(), strict=True)))


@contextmanager
def unnamed() -> Iterator[None]:
    """A run of a page, whose files are of nothing until `name_files` says of what."""
    token = _subject.set({})
    try:
        yield
    finally:
        _subject.reset(token)


def name_files(subject: Mapping[str, str]) -> None:
    """Say inside the files of this page and in their names what their figures are of.

    Args:
        subject: values by heading: columns of the tables, a line below the titles of charts.
    """
    _subject.set(subject)


def download_menu(
    key: str, *, table: Table | None = None, spec: dict[str, Any] | None = None
) -> None:
    """A small menu with a button per format."""
    subject = _subject.get()
    name = _file_name(table.name if table else key, subject.values())
    table, spec = table and _with_columns(table, subject), spec and _with_line(spec, subject)
    with st.popover(_("Download"), icon=":material/download:", type="tertiary", key=f"{key}_menu"):
        if table is not None:
            _button(key, f"{name}.csv", "text/csv", partial(as_csv, table))
            kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
            _button(key, f"{name}.xlsx", kind, partial(as_xlsx, table))
        if spec is not None:
            font = _FONTS.get(language(), _FONTS["zh_TW"])
            _button(key, f"{name}.png", "image/png", partial(as_png, spec, font))
            _button(key, f"{name}.svg", "image/svg+xml", partial(as_svg, spec, font))


def as_csv(table: Table) -> bytes:
    """UTF-8 with a byte order mark, so that spreadsheets read Chinese."""
    file = StringIO()
    writer = csv.writer(file)
    writer.writerow([harmless(cell) for cell in table.header])
    writer.writerows([harmless(cell) for cell in row] for row in table.rows)
    return file.getvalue().encode("utf-8-sig")


def as_xlsx(table: Table) -> bytes:
    """Numbers as numbers, shown to four decimals; texts are never read as formulas or links."""
    file = BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    sheet = book.add_worksheet(table.name[:_LONGEST_SHEET])
    bold = book.add_format({"bold": True})
    short = book.add_format({"num_format": "0.0###"})
    for column, title in enumerate(table.header):
        sheet.write_string(0, column, title, bold)
        sheet.set_column(column, column, max(10, min(40, 2 * len(title))))
    for number, row in enumerate(table.rows, start=1):
        for column, cell in enumerate(map(harmless, row)):
            if isinstance(cell, str):
                sheet.write_string(number, column, cell)
            elif cell is not None:
                sheet.write_number(number, column, cell, short if cell % 1 else None)
    sheet.freeze_panes(1, 0)
    book.close()
    return file.getvalue()


def as_png(spec: dict[str, Any], font: str) -> bytes:
    return bytes(vl_convert.vegalite_to_png(_printed(spec, font), _VEGA_LITE, scale=2))


def as_svg(spec: dict[str, Any], font: str) -> bytes:
    return str(vl_convert.vegalite_to_svg(_printed(spec, font), _VEGA_LITE)).encode()


def harmless(cell: Cell) -> Cell:
    """A text that a spreadsheet would run as a formula gets a quote before it."""
    if isinstance(cell, str) and cell.startswith(_FORMULA_SIGNS):
        return f"'{cell}"
    return cell


def _file_name(name: str, values: Iterable[str]) -> str:
    """Words with hyphens, without what file systems refuse, and short enough for them."""
    words = (re.sub(r"[^\w.]+", "-", text).strip("-.") for text in (name, *values))
    joined = "_".join(word for word in words if word)
    return joined.encode()[:_LONGEST_NAME].decode(errors="ignore")


def _with_columns(table: Table, subject: Mapping[str, str]) -> Table:
    more = {heading: text for heading, text in subject.items() if heading not in table.header}
    rows = tuple((*row, *more.values()) for row in table.rows)
    return Table(table.name, (*_once(table.header), *more), rows)


def _once(header: Sequence[str]) -> Iterator[str]:
    """The headings; one that occurs again follows that of the figure which it belongs to."""
    counts, figure = Counter(header), ""
    for heading in header:
        if counts[heading] == 1:
            figure = heading
        yield heading if counts[heading] == 1 or not figure else f"{figure} · {heading}"


def _with_line(spec: dict[str, Any], subject: Mapping[str, str]) -> dict[str, Any]:
    title = spec.get("title")
    if not subject or not isinstance(title, dict):
        return spec
    lines = [*title.get("subtitle", ()), " · ".join(subject.values())]
    return {**spec, "title": {**title, "subtitle": lines}}


def _printed(spec: dict[str, Any], font: str) -> dict[str, Any]:
    """On white, at a fixed width, in a font with Chinese glyphs."""
    printed = deepcopy(spec)
    printed.update(width=_WIDTH, background="#FFFFFF", padding=16)
    printed["config"] = {**printed.get("config", {}), "font": font}
    return printed


def _button(key: str, file_name: str, kind: str, make: partial[bytes]) -> None:
    st.download_button(
        file_name.rpartition(".")[2].upper(),
        make,
        file_name,
        kind,
        key=f"{key}_{file_name}",
        on_click="ignore",
        type="tertiary",
    )
