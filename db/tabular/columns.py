"""The columns of a kind of file: what each holds, how it is read, which headings mean it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from core.text.identifiers import normal_identifier
from core.text.sentence import Sentence
from db.tabular.file_choices import FileChoices
from db.tabular.headings import Known
from db.tabular.tables import Row, Unfit, Unreadable
from db.tabular.values import Parser, bare, check_storable

WORDS_FOR_NOTHING = frozenset(("#N/A", "#REF!", "#VALUE!", "NULL", "nan", "NaN", "None", "N/A"))
_NO_JSON = frozenset(("null", "[]", "{}"))
_LONGEST_NOTHING = 64
_NOTHING = "{word} counts as an empty cell. If it is really called that, say so: --literal {name}."
_SECOND = "{heading} means {column}, which {first} fills already; it is left out."
HEADINGS: dict[str, tuple[str, ...]] = {
    "code": (
        "station",
        "station code",
        "站點代碼",
        "站点代码",
        "代碼",
        "代码",
        "站點編號",
        "站点编号",
    ),
    "name_zh_TW": ("繁體名稱", "站點名稱", "名稱", "中文名稱"),
    "name_zh_CN": ("简体名称", "站点名称", "名称", "中文名称"),
    "name_en": ("english name", "英文名稱", "英文名称"),
    "kind": ("type", "類型", "类型", "類別", "类别"),
    "region": ("area", "地區", "地区", "區域", "区域", "大區", "大区"),
    "parent_code": ("parent", "上級代碼", "上级代码", "上級站點", "上级站点"),
    "timezone": ("time zone", "時區", "时区"),
    "staff_no": (
        "staff number",
        "employee number",
        "agent id",
        "員工編號",
        "员工编号",
        "工號",
        "工号",
    ),
    "name": ("full name", "姓名", "員工姓名", "员工姓名"),
    "station_code": ("station", "站點", "站点", "站點代碼", "站点代码", "所屬站點", "所属站点"),
    "post": ("position", "job", "職位", "职位", "崗位", "岗位", "職務", "职务"),
    "uniform_variant": ("uniform", "制服款式", "制服"),
    "employed_from": ("hired on", "start date", "到職日", "到職日期", "入职日期", "入职日"),
    "source": ("system", "來源", "来源", "來源系統", "来源系统"),
    "external_id": (
        "id",
        "call id",
        "contact id",
        "編號",
        "编号",
        "外部編號",
        "外部编号",
        "通話編號",
        "通话编号",
        "會話編號",
        "会话编号",
    ),
    "channel": ("渠道", "管道", "服務管道", "服务渠道", "通路"),
    "business_line": ("business", "業務線", "业务线", "業務別"),
    "occurred_at": (
        "time",
        "date",
        "started at",
        "發生時間",
        "发生时间",
        "時間",
        "时间",
        "通話時間",
        "通话时间",
    ),
    "language": ("語言", "语言", "語種", "语种"),
    "customer_ref": ("customer", "customer id", "客戶", "客户", "客戶編號", "客户编号"),
    "duration_seconds": ("duration", "時長", "时长", "時長秒", "时长秒", "通話時長", "通话时长"),
    "recording": ("recording url", "錄音", "录音", "錄音檔", "录音文件"),
    "customer_rating": ("rating", "satisfaction", "滿意度", "满意度", "客戶評分", "客户评分"),
    "rating_scale": ("scale", "評分範圍", "评分范围"),
    "case_kind": ("case type", "案件類型", "案件类型"),
    "severity": ("priority", "嚴重程度", "严重程度", "緊急程度", "紧急程度"),
    "is_repeat": ("repeat", "重複來電", "重复来电", "是否重複", "是否重复"),
    "consent": ("同意錄音", "同意录音", "同意"),
    "events": ("事件",),
    "attributes": ("屬性", "属性"),
    "turns": ("transcript", "逐字稿", "對話", "对话", "转写文本"),
    "turn": ("turn number", "輪次", "轮次", "序號", "序号"),
    "speaker": ("role", "說話人", "说话人", "發言人", "发言人", "角色"),
    "text": ("utterance", "content", "內容", "内容", "文字", "文本"),
    "start_seconds": ("start", "開始秒", "开始秒", "起始秒"),
    "checklist": ("form", "檢查表", "检查表", "評分表", "评分表"),
    "version": ("版本",),
    "inspector": ("evaluator", "質檢員", "质检员"),
    "submitted_at": ("scored at", "提交時間", "提交时间", "評分時間", "评分时间"),
    "answers": ("答案", "評分", "评分"),
    "note": ("comment", "備註", "备注"),
    "attended": ("attendance", "present", "出席", "出勤", "是否出席", "參加", "参加"),
    "attended_on": ("attendance date", "出勤日期", "出席日期", "出席日", "參加日期", "参加日期"),
    "exam_1": (
        "exam",
        "考試1",
        "考试1",
        "exam score",
        "考試",
        "考试",
        "考試成績",
        "考试成绩",
        "成績",
        "成绩",
    ),
    "exam_2": ("resit", "考試2", "考试2", "補考", "补考", "補考成績", "补考成绩"),
    "exam_3": ("second resit", "考試3", "考试3", "第二次補考", "第二次补考"),
    "practical": ("practical test", "實作", "實作成績", "实操", "实操成绩"),
}


@dataclass(frozen=True)
class FileColumn:
    """One column; `hint` tells a person what belongs into it.

    `required`: no row does without it. `required_if_new`: only a row about something that is not
    stored yet needs it. What a file has no column for leaves what is stored as it is; something new
    takes the `default`. `spoken`: words such as None or N/A are what somebody said. `nested`: its
    cell holds JSON, and is empty where that is null, "", [] or {}.
    """

    name: str
    parse: Parser
    hint: str
    required: bool = False
    required_if_new: bool = False
    default: Any = None
    spoken: bool = False
    nested: bool = False

    @property
    def marked(self) -> bool:
        """Whether a person is told that it is required."""
        return self.required or self.required_if_new


Mapped = Mapping[str, str]  # heading in the file -> name of our column


def map_headings(headings: Sequence[str], columns: Iterable[FileColumn]) -> dict[str, str]:
    """Which of our columns each heading means, told by its name in any of three languages."""
    meanings = _meanings(columns)
    mapping: dict[str, str] = {}
    for heading in headings:
        name = meanings.get(_plain(heading))
        if name and name not in mapping.values():
            mapping[heading] = name
    return mapping


def second_headings(
    headings: Sequence[str], mapping: Mapped, columns: Iterable[FileColumn]
) -> list[Sentence]:
    """What is said of headings that mean a column which another one fills already."""
    meanings = _meanings(columns)
    filled_by = {name: heading for heading, name in mapping.items()}
    return [
        Sentence(_SECOND, {"heading": heading, "column": name, "first": filled_by[name]})
        for heading in headings
        if heading not in mapping and (name := meanings.get(_plain(heading))) in filled_by
    ]


def known_headings(columns: Iterable[FileColumn]) -> Known:
    """Counts the cells that are headings of these columns, each column once."""
    meanings = _meanings(columns)
    return lambda cells: len({meanings[p] for cell in cells if (p := _plain(cell)) in meanings})


def _meanings(columns: Iterable[FileColumn]) -> dict[str, str]:
    return {
        _plain(heading): column.name
        for column in columns
        for heading in (column.name, *HEADINGS.get(column.name, ()))
    }


def check_mapping(headings: Sequence[str], mapping: Mapped, columns: Iterable[FileColumn]) -> None:
    """Refuse a table that lacks a required column or names one twice.

    Raises:
        Unreadable: names the column.
    """
    if not any(headings):
        raise Unreadable("The first line must name the columns.")
    targets = list(mapping.values())
    for column in columns:
        if column.required and column.name not in targets:
            raise Unreadable("The column {column} is missing.", column=column.name)
        if targets.count(column.name) > 1 or any(
            name == column.name and headings.count(heading) > 1 for heading, name in mapping.items()
        ):
            raise Unreadable("The column {column} stands there twice.", column=column.name)


def without_new(columns: Iterable[FileColumn], mapping: Mapped) -> list[str]:
    """The columns that a table lacks to bring in anything new."""
    names = set(mapping.values())
    return [
        column.name for column in columns if column.required_if_new and column.name not in names
    ]


def renamed(row: Row, mapping: Mapped | None) -> Row:
    """A row under our names; what is not mapped is left out. None keeps the names of JSON.

    A table's row has a cell for each column that is mapped: a workbook leaves empty ones out.
    """
    if mapping is None:
        return row
    cells: dict[str, object] = dict.fromkeys(mapping.values())
    cells |= {mapping[name]: cell for name, cell in row.cells.items() if name in mapping}
    return Row(row.line, cells, row.size)


def carried_by(row: Row) -> frozenset[str]:
    """The columns that a row changes; of all others it leaves what is stored."""
    return frozenset(row.cells)


ReallyCalled = Mapping[str, frozenset[str]]
"""Column -> words for nothing that some stored thing is really called, such as station NAN."""


def settled(
    columns: Iterable[FileColumn],
    row: Row,
    choices: FileChoices,
    really_called: ReallyCalled = MappingProxyType({}),
) -> Row:
    """A row in which it is decided what its empty cells mean: nothing, or that a column is cleared.

    Words that programs write for nothing count as empty.

    Raises:
        Unfit: such a word stands where something is required.
    """
    cells = dict(row.cells)
    for column in columns:
        if column.name not in cells:
            continue
        cell = cells[column.name]
        if _is_word_for_nothing(column, cell, choices, really_called):
            if column.marked:
                raise Unfit(_NOTHING, column=column.name, word=bare(str(cell)), name=column.name)
            cell = cells[column.name] = None
        if _says_nothing(column, cell):
            cells[column.name] = None
            if choices.empty == "keeps":
                del cells[column.name]
    return Row(row.line, cells, row.size)


def _is_word_for_nothing(
    column: FileColumn, cell: object, choices: FileChoices, really_called: ReallyCalled
) -> bool:
    return (
        isinstance(cell, str)
        and not column.spoken
        and len(cell) <= _LONGEST_NOTHING
        and (word := bare(cell)) in WORDS_FOR_NOTHING
        and column.name not in choices.literal
        and word not in really_called.get(column.name, ())
    )


def _says_nothing(column: FileColumn, cell: object) -> bool:
    if column.spoken or not isinstance(cell, str) or len(cell) > _LONGEST_NOTHING:
        return _is_empty(cell)
    return not (word := bare(cell)) or (column.nested and re.sub(r"\s", "", word) in _NO_JSON)


def _is_empty(cell: object) -> bool:
    return cell is None or cell in ([], {}) or (isinstance(cell, str) and not cell.strip())


def emptied_by(row: Row) -> frozenset[str]:
    """The columns of a settled row whose empty cells clear what is stored."""
    return frozenset(name for name, cell in row.cells.items() if _is_empty(cell))


def parse_row(columns: Iterable[FileColumn], row: Row) -> dict[str, Any]:
    """The values of a row by column name; what it does not carry takes its default.

    Raises:
        Unfit: names the first column that cannot be used and why.
    """
    check_storable(row.cells)
    carried = carried_by(row)
    values: dict[str, Any] = {}
    for column in columns:
        cell = row.cells.get(column.name)
        if _is_empty(cell):
            if column.required or (column.required_if_new and column.name in carried):
                raise Unfit("This is required.", column=column.name)
            values[column.name] = column.default
            continue
        try:
            values[column.name] = column.parse(cell)
        except Unfit as error:
            error.column = f"{column.name}{error.column}"
            raise
    return values


def _plain(heading: str) -> str:
    return re.sub(r"[\s_\-:()*●]+", "", normal_identifier(heading)).casefold()
