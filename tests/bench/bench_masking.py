"""How the time of masking grows with a text: 100 kB and ten times as much, made to be slow.

Times are those of the processor. A rule that goes back over a text would show 100 in place of 10.
"""

from __future__ import annotations

from collections.abc import Iterator
from time import process_time

from core.safekeeping.masking import mask
from tests.bench.report import Table

SMALL, LARGE = 100_000, 1_000_000
BAR = 15  # times as long for ten times the text
UNITS = (
    *("a", "1 ", "a@b.c", "9123 4567 ", "card 1 ", "订单1", "CVV 1", "電話?1", "姓名?王明\n"),
    *("客服王", "和王明", "和王明、", "陳先生和王小姐", "路1号", "中山路1号", "京A12345", "一、"),
    *("█ ", "ABC/DEF MR ", "Mr Lee and ", "my name is Ann, Bob, ", "anna lee ", "12 High Street, "),
    *("1 Rue ", "one, ", "K for kilo, ", "王\u200b", "臺北市", "regards, Ann\n"),
)


def run(_sizes: tuple[int, ...]) -> Iterator[Table]:
    rows = sorted((_row(unit) for unit in UNITS), key=lambda row: -float(row[2]))
    yield Table(
        "Masking one text, repeated until it is so long",
        ("what is repeated", "100 kB, s", "1 MB, s", "times as long", "bar"),
        rows,
        (f"Bar: {BAR} times as long for ten times the text.",),
    )


def _row(unit: str) -> list[str]:
    small, large = (_seconds(unit * (size // len(unit))) for size in (SMALL, LARGE))
    return [f"`{unit!r}`", f"{small:.2f}", f"{large:.2f}", f"{large / small:.1f}", str(BAR)]


def _seconds(text: str) -> float:
    started = process_time()
    mask(text)
    return process_time() - started
