"""Looking for warnings: what the rules see becomes warnings, grows them, or takes a sign away."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from core.warning.counts import Alarm
from core.warning.rules import RuleKey
from core.warning.signs import Sign, episode, is_subsided
from core.warning.states import WARNING, WarningState
from core.warning.terms import Reminder, continues
from db.people.models import Station
from db.store import audit, notices
from db.store.moving import move
from db.store.session import reading, transaction
from db.warning.cells import Cell, LookedAt, look
from db.warning.models import EarlyWarning, WarningRule, WarningSign, WarningStep
from db.warning.rule_settings import held_rules, rules_set
from db.warning.services.telling import first_owner, tell_of_raised

_RAISING = ("raise_warning", "raise_warning_again")


class LookedRule(NamedTuple):
    """A rule that looked: its newest window, and how many cells it compared there."""

    rule: RuleKey
    on: date
    cells: int


@dataclass(frozen=True)
class Looked:
    """What came of looking: the rules that are on, and how many warnings moved by which deed."""

    rules: tuple[LookedRule, ...]
    moved: Mapping[str, int]

    @property
    def raised(self) -> int:
        return sum(self.moved.get(deed, 0) for deed in _RAISING)


def look_for_warnings(engine: Engine, *, now: datetime) -> Looked:
    """Bring the warnings up to what the data say now; done again at once it changes nothing.

    The data are read before the transaction that writes, which other writers wait for.
    """
    with reading(engine) as session:
        seen = _seen(session, now)
    with transaction(engine) as session:
        return _act_on(session, seen, now)


def look_within(session: Session, *, now: datetime) -> Looked:
    """The same in a transaction that is open already, for data that it has written."""
    return _act_on(session, _seen(session, now), now)


def _seen(session: Session, now: datetime) -> dict[RuleKey, LookedAt]:
    """By rule that is on what it sees."""
    return {
        rule.key: look(session, rule.key, _latest(session, rule.key), limit=rule.limit, now=now)
        for rule in rules_set(session)
        if rule.is_on
    }


def _act_on(session: Session, seen: Mapping[RuleKey, LookedAt], now: datetime) -> Looked:
    looked, moved = [], Counter[str]()
    rules = held_rules(session)
    for key, view in seen.items():
        rule = rules[key]
        _Rule(session, rule, view, moved, now).apply(_latest(session, key, is_held=True))
        rule.looked_at, rule.looked_on, rule.cells = now, view.on, view.compared
        looked.append(LookedRule(key, view.on, view.compared))
    session.flush()
    return Looked(tuple(looked), dict(moved))


def _latest(session: Session, rule: RuleKey, *, is_held: bool = False) -> dict[Cell, EarlyWarning]:
    """The newest warning of each cell, open or ended."""
    query = select(EarlyWarning).where(EarlyWarning.rule == rule.value).order_by(EarlyWarning.id)
    if is_held:
        query = query.with_for_update().execution_options(populate_existing=True)
    return {Cell(row.station_id, row.subject_key): row for row in session.scalars(query)}


class _Rule:
    """One rule, what it saw, and the warnings that follow."""

    def __init__(
        self,
        session: Session,
        rule: WarningRule,
        view: LookedAt,
        moved: Counter[str],
        now: datetime,
    ) -> None:
        self._session, self._rule, self._view = session, rule, view
        self._moved, self._now = moved, now

    def apply(self, latest: Mapping[Cell, EarlyWarning]) -> None:
        signs_of = self._stored(latest)
        for cell in sorted({*latest, *self._view.signs}):
            signs = self._view.signs.get(cell, ())
            warning = latest.get(cell)
            earlier = {} if warning is None else signs_of[warning.id]
            if warning is not None and self._goes_on(warning):
                self._go_on(warning, earlier, signs)
            elif new := _after(episode(signs), earlier):
                self._begin(cell, new)

    def _stored(self, latest: Mapping[Cell, EarlyWarning]) -> dict[int, dict[date, WarningSign]]:
        """The signs of warnings by the day of their window."""
        by_warning: dict[int, dict[date, WarningSign]] = defaultdict(dict)
        ids = [warning.id for warning in latest.values()]
        query = select(WarningSign).where(WarningSign.warning_id.in_(ids)).order_by(WarningSign.id)
        for row in self._session.scalars(query):
            by_warning[row.warning_id][row.window_on] = row
        return by_warning

    def _goes_on(self, warning: EarlyWarning) -> bool:
        """Whether a new sign belongs to it, rather than to a new warning."""
        if warning.ended_at is None:
            return True
        zone = self._session.get_one(Station, warning.station_id).timezone
        return continues(warning.ended_at, self._now, zone)

    def _begin(self, cell: Cell, current: Sequence[Sign]) -> None:
        warning = EarlyWarning(
            rule=self._rule.rule,
            station_id=cell.station_id,
            subject_key=cell.key,
            since=current[0].on,
            begun_at=self._now,
        )
        self._session.add(warning)
        self._session.flush()  # its signs and the log need its id
        rows = self._add(warning, current)
        subject = (WARNING.kind, warning.id)
        audit.record(self._session, None, "suspect_warning", subject, now=self._now)
        self._note(warning, "suspect_warning")
        if _is_raised(rows):
            self._raise(warning, "raise_warning")

    def _go_on(
        self, warning: EarlyWarning, earlier: dict[date, WarningSign], signs: Sequence[Sign]
    ) -> None:
        self._look_again(warning, earlier, signs)
        if warning.state == WarningState.CLOSED:
            new = _after(episode(signs), earlier)
        else:
            new = [sign for sign in episode(signs) if sign.on not in earlier]
        rows = self._add(warning, new)
        standing = [row for row in (*earlier.values(), *rows) if row.lapsed_at is None]
        self._move(warning, standing, rows)
        self._mark(warning, standing, signs)

    def _look_again(
        self, warning: EarlyWarning, earlier: Mapping[date, WarningSign], signs: Sequence[Sign]
    ) -> None:
        """Write what the windows say now; one that cannot be compared any more says nothing."""
        if self._view.is_now:
            return
        for sign in signs:
            row = earlier.get(sign.on)
            if row is None or not sign.is_compared:
                continue
            is_over = sign.alarm is Alarm.QUIET
            if is_over and row.lapsed_at is None:
                row.lapsed_at = self._now
                self._note(warning, "correct_sign", until=sign.on)
                subject = (WARNING.kind, warning.id)
                audit.record(self._session, None, "correct_sign", subject, now=self._now)
            elif not is_over:
                row.lapsed_at, row.alarm = None, sign.alarm.value
            row.times, row.chances = sign.times, sign.chances
            row.base_times, row.base_chances = sign.base_times, sign.base_chances
            row.p, row.limit_value = sign.p, sign.limit

    def _move(
        self,
        warning: EarlyWarning,
        standing: Sequence[WarningSign],
        new: Sequence[WarningSign],
    ) -> None:
        """To the state that the signs ask for; what it was closed with opens nothing again."""
        state = warning.state
        if state == WarningState.SUSPECTED:
            if _is_raised(standing):
                self._raise(warning, "raise_warning")
            elif not standing:
                self._go(warning, "lapse_warning")
        elif state == WarningState.LAPSED and standing:
            self._again(warning, standing)
        elif state == WarningState.CLOSED and new:
            self._again(warning, new)
        elif new and warning.owner_id is not None:
            if warning.raised_at is None and _is_raised(new):
                warning.raised_at = self._now
            subject = (WARNING.kind, warning.id)
            notices.tell(
                self._session, subject, Reminder.ANOTHER_SIGN, [warning.owner_id], now=self._now
            )

    def _mark(
        self, warning: EarlyWarning, standing: Sequence[WarningSign], signs: Sequence[Sign]
    ) -> None:
        if self._view.is_now:
            warning.is_subsided = not signs or signs[-1].alarm is Alarm.QUIET
        elif standing and signs:
            last = max(row.window_on for row in standing)
            warning.is_subsided = is_subsided(signs, last)

    def _again(self, warning: EarlyWarning, by: Sequence[WarningSign]) -> None:
        warning.ended_at, warning.cause, warning.action_id = None, "", None
        if _is_raised(by):
            self._raise(warning, "raise_warning_again")
        else:
            warning.raised_at = warning.due_on = None
            self._go(warning, "suspect_warning_again")

    def _raise(self, warning: EarlyWarning, deed: str) -> None:
        warning.raised_at, warning.told, warning.is_put_off = self._now, "", False
        warning.owner_id = first_owner(self._session, warning, self._rule.owner_id)
        tell_of_raised(self._session, warning, deed, now=self._now)
        self._go(warning, deed)

    def _go(self, warning: EarlyWarning, deed: str) -> None:
        self._session.flush()
        move(self._session, warning, WARNING.by(deed), who=None, now=self._now)
        self._note(warning, deed)
        self._moved[deed] += 1

    def _add(self, warning: EarlyWarning, signs: Sequence[Sign]) -> list[WarningSign]:
        rows = [
            WarningSign(
                warning_id=warning.id,
                window_on=sign.on,
                alarm=sign.alarm.value,
                times=sign.times,
                chances=sign.chances,
                base_times=sign.base_times,
                base_chances=sign.base_chances,
                p=sign.p,
                limit_value=sign.limit,
                first_times=sign.times,
                seen_at=self._now,
            )
            for sign in signs
        ]
        self._session.add_all(rows)
        return rows

    def _note(self, warning: EarlyWarning, deed: str, *, until: date | None = None) -> None:
        step = WarningStep(warning_id=warning.id, deed=deed, at=self._now, until=until)
        self._session.add(step)


def _after(signs: Sequence[Sign], earlier: Mapping[date, WarningSign]) -> list[Sign]:
    """The signs that came after those by which a warning was closed."""
    return [sign for sign in signs if not earlier or sign.on > max(earlier)]


def _is_raised(rows: Sequence[WarningSign]) -> bool:
    return any(row.alarm == Alarm.RAISED for row in rows)
