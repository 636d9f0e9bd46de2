"""What training calls its codes, in the reader's language."""

from __future__ import annotations

from datetime import date

from core.training import Reason, Standing
from db.training.queries.courses import RunView
from pages.ui.kit.messages import _, day

_SIGNS = {
    Standing.OVERDUE: "▲",
    Standing.RETRAIN: "↻",
    Standing.RESIT: "✎",
    Standing.ABSENT: "○",
    Standing.RESULT_DUE: "…",
    Standing.DUE_SOON: "△",
    Standing.ENROLLED: "→",
    Standing.MASTERED: "●",
}


def method_name(method: str) -> str:
    return {
        "internal": _("Internal course"),
        "external": _("External course"),
        "online": _("Online course"),
        "case_analysis": _("Case analysis"),
        "simulation": _("Simulation"),
        "coaching": _("Coaching or other action"),
    }.get(method, method)


def reason_name(reason: Reason | None) -> str:
    """None says no more than that losses are the reason."""
    if reason is None:
        return _("Losses found")
    return {
        Reason.REPEATED: _("Repeated losses"),
        Reason.STATION: _("Station below the others"),
        Reason.RESIT: _("To take again"),
        Reason.DUE: _("Due by date"),
        Reason.CHOSEN: _("Chosen by the trainer"),
    }[reason]


def standing_name(standing: Standing) -> str:
    return {
        Standing.OVERDUE: _("overdue"),
        Standing.RETRAIN: _("course to be taken again"),
        Standing.RESIT: _("must resit"),
        Standing.ABSENT: _("did not come"),
        Standing.RESULT_DUE: _("result missing"),
        Standing.DUE_SOON: _("due soon"),
        Standing.ENROLLED: _("enrolled"),
        Standing.MASTERED: _("mastered"),
    }[standing]


def standing_sign(standing: Standing) -> str:
    """A standing in few letters: its sign and its word."""
    return f"{_SIGNS[standing]} {standing_name(standing)}"


def sign_of(standing: Standing) -> str:
    return _SIGNS[standing]


def days(first: date, last: date) -> str:
    return day(first) if first == last else f"{day(first)} – {day(last)}"


def run_name(run: RunView) -> str:
    return f"{run.course} · {days(run.starts_on, run.ends_on)}"
