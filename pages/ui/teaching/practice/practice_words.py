"""Facts, results and agreement of practice rounds in words."""

from __future__ import annotations

from core.teaching.practice import PracticeOutcome
from core.teaching.states import PracticeState
from db.teaching.queries.practice import RoundRow, RoundView
from db.teaching.queries.practice_attempts import Attempt
from pages.ui.kit.answers import item_name
from pages.ui.kit.messages import _, day, escape_markdown, number, plural
from pages.ui.kit.phrases import listed


def round_facts(row: RoundRow) -> list[str]:
    facts = [escape_markdown(row.set_title)]
    facts.append(
        _("{done} of {all} cases handed in", done=number(row.done, 0), all=number(row.tasks, 0))
    )
    if row.items:
        facts.append(plural("{count} chosen item", "{count} chosen items", row.items))
    facts.append(_("pass mark {mark} %", mark=number(row.pass_mark, 0)))
    if row.due_on:
        facts.append(_("due {day}", day=day(row.due_on)))
    facts.append(_("open") if row.state == PracticeState.OPEN else _("closed"))
    return facts


def asked_items(view: RoundView) -> str:
    """Which items are asked, with those that decide whether they are."""
    names = listed([escape_markdown(item_name(item)) for item in view.items])
    return _("Asked, scored and compared: {items}.", items=names)


def attempt_result(attempt: Attempt, pass_mark: float) -> str:
    if attempt.open:
        done = len(attempt.cases) - attempt.open
        return _("{done} of {all} cases", done=done, all=len(attempt.cases))
    if attempt.outcome is None:
        return _("waiting for the reference")
    return _("passed") if attempt.outcome.passes(pass_mark) else _("not passed")


def overlooked(count: int) -> str:
    """That critical failures were overlooked, which no pass mark makes up for."""
    return plural(
        "**{count} critical failure was overlooked**, so that the attempt does not pass.",
        "**{count} critical failures were overlooked**, so that the attempt does not pass.",
        count,
    )


def agreement(outcome: PracticeOutcome | None) -> str:
    """Gwet's AC1 with its interval; an em dash where it cannot be told."""
    if outcome is None or outcome.beyond_chance.value is None:
        return "—"
    estimate = outcome.beyond_chance
    if estimate.lower is None:
        return number(estimate.value, 2)
    return (
        f"{number(estimate.value, 2)} ({number(estimate.lower, 2)} – {number(estimate.upper, 2)})"
    )
