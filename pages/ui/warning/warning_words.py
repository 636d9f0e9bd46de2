"""The words around warnings: states, rules, causes, what a warning is about, its numbers."""

from __future__ import annotations

from collections.abc import Mapping

from core.checklist import Texts
from core.files.steps import Step
from core.warning.rules import RULES, RuleKey, Window
from core.warning.states import WarningState
from core.warning.terms import ClosingCause, Reminder
from db.warning.queries.lists import StoredSign, WarningRow
from pages.ui.files.file_words import step_name
from pages.ui.kit.file_terms import topic_name
from pages.ui.kit.messages import _, day, escape_markdown, number, text_of
from pages.ui.kit.phrases import month_name

Items = Mapping[str, Texts]
_COLORS: dict[str, str] = {
    WarningState.SUSPECTED: "gray",
    WarningState.RAISED: "orange",
    WarningState.TAKEN: "blue",
}
_SMALLEST = 0.0001


def state_name(state: WarningState) -> str:
    return {
        WarningState.SUSPECTED: _("Suspected"),
        WarningState.RAISED: _("Raised"),
        WarningState.TAKEN: _("Taken"),
        WarningState.CLOSED: _("Closed"),
        WarningState.LAPSED: _("Lapsed"),
    }[state]


def state_badge(state: WarningState) -> str:
    return f":{_COLORS.get(state, 'gray')}-badge[{escape_markdown(state_name(state))}]"


def rule_name(rule: RuleKey) -> str:
    return _(RULES[rule].title)


def closing_name(cause: ClosingCause) -> str:
    return {
        ClosingCause.ACTED_ON: _("Real, and acted on"),
        ClosingCause.NOTHING_TO_DO: _("Real, nothing to do"),
        ClosingCause.CHANCE: _("Chance"),
        ClosingCause.DATA_FAULT: _("Fault in the data"),
    }[cause]


def told_name(what: str) -> str:
    """What a notice tells: a reminder, or what was done."""
    return {
        Reminder.NOT_TAKEN: _("Nobody has taken it"),
        Reminder.PUT_OFF_OVER: _("Put off until today"),
        Reminder.ANOTHER_SIGN: _("Another sign"),
        "raise_warning": _("Warning raised"),
        "raise_warning_again": _("Warning raised again"),
        "close_warning": _("Warning closed"),
    }.get(what, what)


def deed_name(deed: str) -> str:
    """A line of a warning's story."""
    return {
        "suspect_warning": _("Suspected"),
        "raise_warning": _("Raised"),
        "lapse_warning": _("Lapsed: the data were corrected, and no sign is left"),
        "correct_sign": _("Data corrected: no sign any more"),
        "suspect_warning_again": _("Suspected again"),
        "raise_warning_again": _("Raised again"),
        "take_warning": _("Taken"),
        "put_off_warning": _("Put off"),
        "close_warning": _("Closed"),
    }.get(deed, deed)


def about(rule: RuleKey, key: str, items: Items) -> str:
    """What a warning is about beside its station."""
    if rule is RuleKey.COMPLAINTS:
        return topic_name(key) or _("Not classified")
    if rule is RuleKey.LOST_ITEMS:
        return f"{key} {text_of(items.get(key, {}))}".strip()
    if rule is RuleKey.LATE_STEPS:
        return step_name(Step(key))
    return _("File {number}", number=key) if rule is RuleKey.SEVERE_EVENTS else ""


def window_name(rule: RuleKey, sign: StoredSign) -> str:
    """The month, week or day of a sign."""
    window = RULES[rule].window
    if window is Window.MONTH:
        return month_name(sign.on.year * 100 + sign.on.month)
    if window is Window.WEEK:
        return _("week from {day}", day=day(sign.on))
    return day(sign.on)


def title(row: WarningRow, items: Items) -> str:
    """The rule, what it is about, and where."""
    parts = [
        rule_name(row.rule),
        about(row.rule, row.subject_key, items),
        text_of(row.station_names),
    ]
    return " · ".join(filter(None, parts))


def sentence(rule: RuleKey, sign: StoredSign) -> str:
    """What a window says, with its numbers and how surprising they are."""
    name = window_name(rule, sign)
    window = name[:1].upper() + name[1:]
    if rule is RuleKey.OVERDUE_FILES:
        limit = number(sign.limit, 0)
        return _(
            "{window}: {times} files overdue, the limit is {limit}.",
            window=window,
            times=number(sign.times, 0),
            limit=limit,
        )
    if rule is RuleKey.SEVERE_EVENTS:
        return _("{window}: a file about safety or personal data.", window=window)
    counts = {
        "times": number(sign.times, 0),
        "chances": number(sign.chances, 0),
        "base_times": number(sign.base_times, 0),
        "base_chances": number(sign.base_chances, 0),
    }
    if rule is RuleKey.COMPLAINTS:
        return _(
            "{window}: {times} complaints in {chances} encounters, before {base_times} in"
            " {base_chances}; so many or more come by chance with probability {p}.",
            window=window,
            p=probability(sign.p),
            **counts,
        )
    if sign.limit is None:
        return _(
            "{window}: {times} of {chances}, before {base_times} of {base_chances}.",
            window=window,
            **counts,
        )
    return _(
        "{window}: {times} of {chances}, before {base_times} of {base_chances}; the limit is"
        " {limit} %, and so many or more come by chance with probability {p}.",
        window=window,
        limit=number(100 * sign.limit),
        p=probability(sign.p),
        **counts,
    )


def probability(p: float | None) -> str:
    """To four digits, as the rules compare it; an em dash where nobody computes it."""
    if p is None:
        return "—"
    if p < _SMALLEST:
        return _("below {value}", value=number(_SMALLEST, 4))
    return number(p, 4)
