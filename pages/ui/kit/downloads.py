"""Tables as CSV and XLSX, charts as PNG and SVG, made when they are downloaded."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from copy import deepcopy
from functools import partial
from io import BytesIO, StringIO
from typing import Any, NamedTuple

import streamlit as st
import vl_convert
import xlsxwriter

from pages.ui.kit.messages import _, language

Cell = str | int | float | None
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", *"\uff1d\uff0b\uff0d\uff20")
_FONTS = {"zh_CN": "Noto Sans CJK SC", "zh_TW": "Noto Sans CJK TC"}
_VEGA_LITE = "6.4"
_WIDTH = 900


class Table(NamedTuple):
    """A table as it is downloaded: `name` becomes the file's name."""

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]

    @classmethod
    def of(cls, name: str, columns: Mapping[str, Sequence[Cell]]) -> Table:
        return cls(name, tuple(columns), tuple(zip(*columns.values(), strict=True)))


def download_menu(
    key: str, *, table: Table | None = None, spec: dict[str, Any] | None = None
) -> None:
    """A small menu with a button per format."""
    name = table.name if table else key
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
    """Numbers as numbers; texts are never read as formulas or links."""
    file = BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    sheet = book.add_worksheet()
    bold = book.add_format({"bold": True})
    for column, title in enumerate(table.header):
        sheet.write_string(0, column, title, bold)
        sheet.set_column(column, column, max(10, min(40, 2 * len(title))))
    for number, row in enumerate(table.rows, start=1):
        for column, cell in enumerate(row):
            _write(sheet, number, column, harmless(cell))
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


def _printed(spec: dict[str, Any], font: str) -> dict[str, Any]:
    """On white, at a fixed width, in a font with Chinese glyphs."""
    printed = deepcopy(spec)
    printed.update(width=_WIDTH, background="#FFFFFF", padding=16)
    printed["config"] = {**printed.get("config", {}), "font": font}
    return printed


def _write(sheet: xlsxwriter.worksheet.Worksheet, row: int, column: int, cell: Cell) -> None:
    if isinstance(cell, str):
        sheet.write_string(row, column, cell)
    elif cell is not None:
        sheet.write_number(row, column, cell)


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
