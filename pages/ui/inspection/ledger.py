"""The ledger of a score as lines that a reader can check by hand."""

from __future__ import annotations

from typing import NamedTuple

from core.checklist import Checklist
from core.scoring import LedgerStep, ScoreSheet, rounded
from pages.ui.kit.messages import _, text_of
from pages.ui.kit.phrases import listed

_FORMULAS = {
    "weight": "{share} / {total} × {of}",
    "redistribute": "{weight} × {of} / {applicable}",
    "contribution": "{weight} × {points} / {possible}",
    "earned": "{points} × {multiplier}",
    "possible": "{points} × {multiplier}",
    "baseline": "{value} + {baseline} × {scale}",
    "baseline_possible": "{weight} + {baseline}",
    "minimum": "max({value}, {minimum} × {scale})",
    "percent": "{value} / {weight} × 100",
    "limit": "{score} → {low} … {high}",
    "capped": "min({points}, {cap})",
    "section_zero": "{value} → 0",
    "cap": "min({score}, {cap})",
    "round": "{score}",
}


class LedgerLine(NamedTuple):
    """One step: its level (form, section or item), of what, which, the calculation, the result."""

    level: str
    subject: str
    step: str
    calculation: str
    result: str


class _Subject(NamedTuple):
    level: str
    name: str


def ledger_lines(checklist: Checklist, sheet: ScoreSheet) -> list[LedgerLine]:
    """The steps from the form down to the items, numbers with two decimals."""
    subjects = _subjects(checklist)
    order = {key: index for index, key in enumerate(subjects)}
    labels = _labels()
    return [
        LedgerLine(
            level=subjects[step.subject].level,
            subject=subjects[step.subject].name,
            step=labels.get(step.kind, step.kind),
            calculation=_calculation(step),
            result=_floor_result(step) if step.kind == "floor" else two_decimals(step.output),
        )
        for step in sorted(sheet.ledger, key=lambda step: order[step.subject])
    ]


def two_decimals(value: float) -> str:
    return f"{rounded(value, 2):.2f}"


def _subjects(checklist: Checklist) -> dict[str, _Subject]:
    """The form, every section and every item, in reading order."""
    subjects = {"form": _Subject(level="form", name=_("Whole checklist"))}
    for section in checklist.sections:
        title = text_of(section.title) or section.key
        subjects[section.key] = _Subject(level="section", name=title)
        for item in section.items:
            name = f"{item.key} {text_of(item.term)}".strip()
            subjects[item.key] = _Subject(level="item", name=name)
    return subjects


def _labels() -> dict[str, str]:
    return {
        "weight": _("weight"),
        "redistribute": _("weight after N/A"),
        "contribution": _("adds"),
        "capped": _("points, capped"),
        "earned": _("points earned"),
        "possible": _("points possible"),
        "sum": _("sum"),
        "total": _("total weight"),
        "baseline": _("with baseline"),
        "baseline_possible": _("weight with baseline"),
        "minimum": _("lifted to the minimum"),
        "percent": _("percent"),
        "limit": _("kept within limits"),
        "section_zero": _("section zeroed"),
        "cap": _("capped"),
        "form_zero": _("score zeroed"),
        "floor": _("floor of the section"),
        "round": _("rounded"),
    }


def _calculation(step: LedgerStep) -> str:
    numbers = {name: two_decimals(value) for name, value in step.inputs.items()}
    if step.kind == "floor":
        return _floor_calculation(step)
    formula = _FORMULAS.get(step.kind)
    if formula is None:
        return " + ".join(numbers.values())
    return formula.format(**numbers)


def _floor_calculation(step: LedgerStep) -> str:
    """How far below, and how much of the section applied."""
    return _(
        "{score} < {below}; {items} items, {share} % of the section's weight",
        score=two_decimals(step.inputs["score"]),
        below=two_decimals(step.inputs["below"]),
        items=f"{step.inputs['items']:.0f}",
        share=f"{100 * step.inputs['applied']:.0f}",
    )


def _floor_result(step: LedgerStep) -> str:
    if step.output:
        return _("keeps the band down, not passed")
    return _("does not speak: too little of the section applied")


def floors_line(sheet: ScoreSheet) -> str:
    """The sections whose floor keeps the band down; empty where none does."""
    if not sheet.floors:
        return ""
    titles = [
        text_of(part.title) or part.key for part in sheet.sections if part.key in sheet.floors
    ]
    return _("Below the floor, so no pass: {sections}", sections=listed(titles))
