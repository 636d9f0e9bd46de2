"""One place says what day it is, for whom: core/clock/days.py, asked with a zone.

The reader's zone comes from pages/ui/kit/days.py, the portal's and the log's from db/store/days.py,
a station's from its row. Nothing else turns a moment into a day or a time on a wall.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.requirements import ROOT

DAYS = "core/clock/days.py"
READER = "pages/ui/kit/days.py"
ZONES = frozenset({"ZoneInfo", "available_timezones", "zoneinfo", "pytz", "tzlocal", "gettz"})
PARTS = frozenset({"date", "timetz", "isocalendar", "isoweekday", "toordinal", "today"})

ALREADY_LOCAL = {  # what has no zone, or is on the station's wall clock already
    "core/plan/drawing.py": {"date"},  # FrameEncounter.occurred_at
    "core/safekeeping/retention.py": {"isocalendar"},  # of a date
    "db/inspection/observation_workbook_reading.py": {"date"},  # a cell
    "db/results/queries/score_cells.py": {"toordinal"},  # StationDay.day
    "db/tabular/moments.py": {"date"},  # a cell
    "db/tabular/workbook.py": {"date"},  # a cell
    "pages/ui/training/run_results.py": {"date"},  # a cell
}
NOW = {  # where a program asks its machine what time it is; all others are told
    "db/cli/database.py",
    "db/safekeeping/backups/backup.py",
    "db/safekeeping/backups/restore.py",
    "db/safekeeping/nightly_duties.py",
    "db/upkeep/import_process.py",
    "db/upkeep/jobs.py",
    "db/upkeep/prepare.py",
    "pages/ui/kit/wiring.py",
}


def faults(source: str, name: str) -> Iterator[str]:
    """Where code says by itself what day or time it is, or knows a zone."""
    allowed = ALREADY_LOCAL.get(name, set())
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import | ast.ImportFrom):
            modules = {getattr(node, "module", None), *(alias.name for alias in node.names)}
            yield from (f"imports {module}" for module in sorted(modules & ZONES, key=str))
        elif isinstance(node, ast.Attribute) and ast.unparse(node).endswith("context.timezone"):
            yield from ["asks the browser"] if name != READER else []
        elif isinstance(node, ast.Attribute) and _is_class(node.value) and node.attr in PARTS:
            yield f"uses {ast.unparse(node)}"
        elif isinstance(node, ast.Call):
            yield from _calls(node, name, allowed)


def _is_class(node: ast.expr) -> bool:
    return ast.unparse(node) in {"date", "datetime", "dt.date", "datetime.datetime", "pd.Timestamp"}


def _calls(node: ast.Call, name: str, allowed: set[str]) -> Iterator[str]:
    function = node.func.attr if isinstance(node.func, ast.Attribute) else ast.unparse(node.func)
    text = ast.unparse(node)
    if function == "date_input" and re.search(r"['\"]today['\"]", text):
        yield "lets the server say what is today"
    if not isinstance(node.func, ast.Attribute):
        return
    if function == "astimezone" and text.partition("astimezone")[2] != "(UTC)":
        yield f"calls {text}"
    if function == "now" and ast.unparse(node.func.value) == "datetime" and name not in NOW:
        yield f"calls {text}"
    if function in PARTS and not node.args and not node.keywords and function not in allowed:
        yield from [f"calls {text}"] if "days." not in text else []
    if function == "replace" and re.search(r"tzinfo=(?!UTC\b|None\b)", text):
        yield f"calls {text}"
    if function == "combine" and len(node.args) + len(node.keywords) > 2:
        yield f"calls {text}"


def code() -> Iterator[Path]:
    yield ROOT / "app.py"
    for room in ("core", "db", "pages"):
        for path in sorted((ROOT / room).rglob("*.py")):
            if path.parent.name != "versions" and path != ROOT / DAYS:
                yield path


def test_nobody_else_says_what_day_it_is():
    by_file = {
        name: broken
        for path in code()
        if (broken := [*faults(path.read_text("utf-8"), name := str(path.relative_to(ROOT)))])
    }
    assert by_file == {}


@pytest.mark.parametrize("name", sorted({*ALREADY_LOCAL, *NOW, READER}))
def test_an_exception_is_one(name):
    """Whose reason is gone leaves the list."""
    assert [*faults((ROOT / name).read_text("utf-8"), "elsewhere.py")]


@pytest.mark.parametrize(
    "line",
    [
        "day = now.date()",
        "day = date.today()",
        "day = wiring.now().date()",
        "rules = (7, datetime.date)",
        "local = moment.astimezone(zone)",
        "local = moment.astimezone()",
        "from zoneinfo import ZoneInfo",
        "import zoneinfo",
        "zone = st.context.timezone or 'UTC'",
        "day = st.date_input('Day', value='today')",
        "day = st.date_input('Day', 'today')",
        "now = datetime.now(UTC)",
        "moment = shown.replace(tzinfo=zone)",
        "moment = datetime.combine(day, time(), zone)",
        "moment = datetime.combine(day, time(), tzinfo=zone)",
        "week = moment.isocalendar()",
    ],
)
def test_it_is_seen_where_code_says_so_by_itself(line):
    assert [*faults(line, "pages/some.py")]


@pytest.mark.parametrize(
    "line",
    [
        "stored = value.astimezone(UTC)",
        "stored = value.replace(tzinfo=UTC)",
        "today = days.today()",
        "day = day_of(now, station.timezone)",
        "shown = datetime.combine(day, clock)",
    ],
)
def test_what_says_no_day_is_let_alone(line):
    assert not [*faults(line, "pages/some.py")]


def script_faults(source: str) -> list[str]:
    """A script may measure how long something took, and nothing else."""
    code = re.sub(r"/\*.*?\*/|//[^\n]*", "", source, flags=re.DOTALL)
    return re.findall(
        r"new Date\(\)|\.get(?:Date|Day|Hours|TimezoneOffset)\(|toLocale\w*\(|Intl\.DateTimeFormat",
        code,
    )


def test_one_script_knows_zones():
    scripts = {
        str(path.relative_to(ROOT)): script_faults(path.read_text("utf-8"))
        for path in (ROOT / "pages").rglob("*.js")
    }
    assert {name for name, broken in scripts.items() if broken} == {"pages/ui/kit/times.js"}
    assert script_faults("const today = new Date().getDate();  // new Date()") == [
        "new Date()",
        ".getDate(",
    ]
