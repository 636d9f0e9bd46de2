"""What stands in the way of a draft, each finding with its place."""

from __future__ import annotations

from dataclasses import dataclass

from core.checklist import Checklist, ChecklistError, Problem, lint, parse_checklist
from core.drafting.outline import Content


@dataclass(frozen=True)
class Examined:
    """The checklist a draft makes, None while it makes none, and everything to look at."""

    checklist: Checklist | None
    problems: tuple[Problem, ...]

    @property
    def errors(self) -> tuple[Problem, ...]:
        """What has to be put right before the draft can be activated."""
        return tuple(problem for problem in self.problems if problem.severity == "error")


def examine(content: Content) -> Examined:
    try:
        checklist = parse_checklist(content)
    except ChecklistError as error:
        return Examined(None, tuple(error.problems))
    return Examined(checklist, tuple(lint(checklist)))
