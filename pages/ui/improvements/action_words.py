"""The words around actions: states, causes, kinds, verdicts, items, measures and their values."""

from __future__ import annotations

from collections.abc import Mapping

from core.checklist import Texts
from core.improvements.stages import Stage
from core.improvements.states import ImprovementState
from core.improvements.terms import ActionKind, Cause, Subject
from core.measures import Figure, Form, Unit, item_of, measure_of
from core.measures.change import Change, Verdict
from core.results.figures import DifferenceInterval
from db.checklists.queries.texts import checklist_texts
from pages.ui.kit.cached_figures import Reader
from pages.ui.kit.messages import _, escape_markdown, number, signed, text_of

Items = Mapping[str, Texts]
_COLORS: dict[str, str] = {
    ImprovementState.PROPOSED: "orange",
    ImprovementState.AGREED: "blue",
    ImprovementState.RUNNING: "blue",
    ImprovementState.CARRIED_OUT: "violet",
    ImprovementState.JUDGED: "orange",
}


def state_name(state: ImprovementState) -> str:
    return {
        ImprovementState.PROPOSED: _("Proposed"),
        ImprovementState.AGREED: _("Agreed"),
        ImprovementState.RUNNING: _("Running"),
        ImprovementState.CARRIED_OUT: _("Carried out"),
        ImprovementState.JUDGED: _("To be decided"),
        ImprovementState.CLOSED: _("Closed"),
        ImprovementState.WITHDRAWN: _("Withdrawn"),
    }[state]


def state_badge(state: ImprovementState) -> str:
    return f":{_COLORS.get(state, 'gray')}-badge[{escape_markdown(state_name(state))}]"


def verdict_name(verdict: Verdict) -> str:
    return {
        Verdict.EFFECTIVE: _("Effective"),
        Verdict.NOT_SHOWN: _("Not shown"),
        Verdict.WORSE: _("Worse"),
        Verdict.CANNOT_TELL: _("Cannot be told"),
    }[verdict]


def verdict_badge(verdict: Verdict) -> str:
    color = {Verdict.EFFECTIVE: "green", Verdict.WORSE: "red"}.get(verdict, "gray")
    return f":{color}-badge[{escape_markdown(verdict_name(verdict))}]"


def stage_name(stage: Stage) -> str:
    return {
        Stage.DUE_SOON: _("Due soon"),
        Stage.LATE: _("Overdue"),
        Stage.LATE_AT_STATION: _("Overdue for a week"),
        Stage.ESCALATED: _("Overdue for two weeks"),
        Stage.TO_JUDGE: _("Can be judged"),
    }[stage]


def told_name(what: str) -> str:
    """What a notice tells: a stage, or what somebody else did."""
    if what in set(Stage):
        return stage_name(Stage(what))
    return {
        "agree_improvement": _("Action agreed"),
        "judge_improvement": _("Action judged"),
        "close_improvement": _("Action closed"),
        "withdraw_improvement": _("Action withdrawn"),
        "reopen_improvement": _("Action opened again"),
        "hand_on_improvement": _("Action given to you"),
    }.get(what, what)


def cause_name(cause: Cause) -> str:
    return {
        Cause.PROCESS: _("Process"),
        Cause.PERSON: _("Person"),
        Cause.FACILITY: _("Facility"),
        Cause.POLICY: _("Policy"),
    }[cause]


def kind_name(kind: ActionKind) -> str:
    return {
        ActionKind.PROCESS: _("Change of a process"),
        ActionKind.TRAINING: _("Training and assessment"),
        ActionKind.SYSTEM: _("Change of a system"),
    }[kind]


def item_names() -> Items:
    """Items of every checklist that has been in force; the first name of each stands."""
    names: dict[str, Texts] = {}
    for texts in Reader()(checklist_texts).values():
        for key, name in texts.items.items():
            names.setdefault(key, name)
    return names


def subject_name(subject: Subject, key: str, items: Items) -> str:
    """What the finding is about beside the station; empty of the station alone."""
    if subject is Subject.ITEM:
        return f"{key} {text_of(items.get(key, {}))}".strip()
    if subject is Subject.WARNING:
        return _("Warning {number}", number=key)
    return _("Appeal {number}", number=key) if subject is Subject.APPEAL else ""


def measure_name(key: str, items: Items) -> str:
    title = _(measure_of(key).title)
    if item := item_of(key):
        return f"{title}: {text_of(items.get(item, {})) or item}"
    return title


def change_unit(key: str) -> str:
    """What changes of a measure are counted in, as the axis of a chart says it."""
    return {
        Unit.POINTS: _("points"),
        Unit.PERCENT: _("percent points"),
        Unit.PER_THOUSAND: _("per 1,000"),
        Unit.HOURS: _("hours"),
        Unit.SECONDS: _("seconds"),
        Unit.FILES: _("files"),
        Unit.MONEY: _("money"),
    }[measure_of(key).unit]


def value_text(key: str, value: float | None) -> str:
    """A value of a measure with its unit; an em dash where there is none."""
    if value is None:
        return "—"
    amount = number(value)
    return {
        Unit.PERCENT: _("{value} %", value=amount),
        Unit.PER_THOUSAND: _("{value} per 1,000", value=amount),
        Unit.HOURS: _("{value} h", value=amount),
        Unit.SECONDS: _("{value} s", value=amount),
    }.get(measure_of(key).unit, amount)


def change_text(key: str, change: Change) -> str:
    """From which value to which, with what they are made of, and the difference."""
    return _(
        "{before} → {after}, {difference}",
        before=_figure_text(key, change.before),
        after=_figure_text(key, change.after),
        difference=span_text(change.difference),
    )


def _figure_text(key: str, figure: Figure) -> str:
    """A value with what it is made of, where that is known: so much of so many, or their mean."""
    value = value_text(key, figure.value)
    if figure.n is None:
        return value
    if measure_of(key).form in (Form.SHARE, Form.RATE):
        return _("{value} of {n}", value=value, n=number(figure.n, 0))
    return _("{value} (n = {n})", value=value, n=number(figure.n, 0))


def span_text(span: DifferenceInterval | None) -> str:
    """A difference with its interval; an em dash where there is none."""
    if span is None:
        return "—"
    if span.low is None or span.high is None:
        return signed(span.value)
    ends = {"low": signed(span.low), "high": signed(span.high)}
    return _("{value} ({low} to {high})", value=signed(span.value), **ends)
