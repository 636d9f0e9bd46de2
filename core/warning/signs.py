"""What a window says of a cell, whatever the rule, and which signs of a cell are not over."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from scipy.special import betainc

from core.periods import first_day
from core.training import Counts, Rise, can_be_judged, rises
from core.warning.counts import Alarm, MonthCount, month_signs

QUIET_WINDOWS = 2
"""So many after its last sign, and a warning has subsided."""
LOOKED_BACK = 3
"""Windows of shares that are looked at anew each time: what was imported late is seen."""
People = Mapping[str, Sequence[tuple[float, float]]]
"""By cell how often it happened to each person in a window, and out of what."""


class WindowCount(NamedTuple):
    """How often something was lost or late in the window that begins on a day, and out of what."""

    on: date
    times: int
    chances: int


@dataclass(frozen=True)
class Sign:
    """What a window of a cell says.

    Attributes:
        on: the day on which the window begins, or of a single event.
        times: how often it happened, out of the chances of it.
        base_times, base_chances: of what it was compared with.
        p: probability of as much or more where nothing has changed; None where nobody computes it.
        limit: the share (0 to 1), or the number, beyond which it is a sign; None where p decides.
        is_compared: it had enough to be compared: only then may quiet mean that it is over.
    """

    on: date
    alarm: Alarm
    times: int
    chances: int = 0
    base_times: int = 0
    base_chances: int = 0
    p: float | None = None
    limit: float | None = None
    is_compared: bool = True


def count_signs(counts: Sequence[MonthCount]) -> tuple[Sign, ...]:
    """Months of a cell by the exact test against its own past, see `month_signs`."""
    return tuple(
        Sign(
            on=first_day(sign.count.month),
            alarm=sign.alarm,
            times=sign.count.events,
            chances=sign.count.chances,
            base_times=sign.base_events,
            base_chances=sign.base_chances,
            p=sign.p,
            is_compared=sign.p is not None,
        )
        for sign in month_signs(counts)
    )


def share_signs(
    cells: Mapping[str, Sequence[WindowCount]],
    people: Callable[[date, Sequence[str]], People] | None = None,
) -> dict[str, tuple[Sign, ...]]:
    """The last windows of shares, each by the p' limits of `core.training.rises`.

    Beyond its limit a share is raised at once: chance alone is beyond it in .00135 of cells, or
    less where so many are judged that one of them would be in more than 5 % of windows.

    Args:
        cells: windows by cell, the oldest first, of the same days in each.
        people: of the window that begins on a day, for cells that are beyond their limit; None
            where nobody stands behind it. What a few people make is no sign, see `Rise.among`,
            and where one stands for all the window cannot be compared.
    """
    by_cell: dict[str, list[Sign]] = {cell: [] for cell in cells}
    longest = max(map(len, cells.values()), default=0)
    for back in reversed(range(min(LOOKED_BACK, longest))):
        until = {cell: windows[: len(windows) - back] for cell, windows in cells.items()}
        pairs = {
            cell: [Counts(lost=window.times, answered=window.chances) for window in windows]
            for cell, windows in until.items()
        }
        risen: dict[str, Rise | None] = {rise.item: rise for rise in rises(pairs)}
        beyond = {cell: rise for cell, rise in risen.items() if rise and rise.is_signal}
        if people is not None and beyond:
            behind = people(max(until[cell][-1].on for cell in beyond), list(beyond))
            risen |= {cell: rise.among(behind.get(cell, ())) for cell, rise in beyond.items()}
        for cell, windows in until.items():
            if windows:
                is_one_person = cell in beyond and risen[cell] is None
                compared = can_be_judged(pairs[cell]) and not is_one_person
                by_cell[cell].append(_share(windows, risen.get(cell), is_compared=compared))
    return {cell: tuple(of_cell) for cell, of_cell in by_cell.items()}


def _share(windows: Sequence[WindowCount], rise: Rise | None, *, is_compared: bool) -> Sign:
    newest, before = windows[-1], windows[:-1]
    return Sign(
        on=newest.on,
        alarm=Alarm.RAISED if rise is not None and rise.is_signal else Alarm.QUIET,
        times=newest.times,
        chances=newest.chances,
        base_times=sum(window.times for window in before),
        base_chances=sum(window.chances for window in before),
        p=None if rise is None else _tail(rise),
        limit=None if rise is None else rise.limit,
        is_compared=is_compared,
    )


def _tail(rise: Rise) -> float:
    """The probability of the share or more, by the distribution that its limit is taken from."""
    losses = rise.share * rise.size
    return float(betainc(losses, rise.size - losses + 1, rise.usual))


def threshold_sign(on: date, times: int, limit: int) -> Sign:
    """A number that must not be exceeded."""
    alarm = Alarm.RAISED if times > limit else Alarm.QUIET
    return Sign(on=on, alarm=alarm, times=times, limit=float(limit))


def episode(of_cell: Sequence[Sign]) -> tuple[Sign, ...]:
    """The signs of a cell that are not over, the oldest first; none where the last has subsided.

    Two quiet windows end what came before. A window that could not be compared ends nothing.
    """
    standing: list[Sign] = []
    quiet = 0
    for sign in reversed(of_cell):
        if sign.alarm is not Alarm.QUIET:
            standing.append(sign)
            quiet = 0
        elif sign.is_compared:
            quiet += 1
            if quiet == QUIET_WINDOWS:
                break
    return tuple(reversed(standing))


def is_subsided(of_cell: Sequence[Sign], last: date) -> bool:
    """Whether two quiet windows or more, and nothing else, came after a last sign."""
    later = [sign for sign in of_cell if sign.on > last and sign.is_compared]
    return len(later) >= QUIET_WINDOWS and all(sign.alarm is Alarm.QUIET for sign in later)
