"""The rules by which warnings are raised: what each looks at, by which windows, and its limit."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum, auto

from core.errors import InvalidInput
from core.i18n import N_

LARGEST_LIMIT = 10_000


class RuleKey(StrEnum):
    """Counts against the own past; shares beyond p' limits; thresholds."""

    COMPLAINTS = auto()
    LOST_ITEMS = auto()
    LATE_STEPS = auto()
    OVERDUE_FILES = auto()
    SEVERE_EVENTS = auto()


class Window(StrEnum):
    """What one figure is of; days are those on which something happened."""

    MONTH = auto()
    WEEK = auto()
    DAY = auto()


@dataclass(frozen=True)
class Rule:
    """One rule.

    Attributes:
        title, explanation: in English, translated where they are shown.
        usual_limit: of files, as long as nobody sets another; None where the rule has no limit.
        is_of_accountability: it tells for what somebody of the station answers, so that nobody
            closes it at their own.
        is_of_files: only who reads files of stations sees it.
        is_tested: whether chance alone could have it is computed, from the own past.
    """

    key: RuleKey
    window: Window
    title: str
    explanation: str
    usual_limit: int | None = None
    is_of_accountability: bool = False
    is_of_files: bool = True
    is_tested: bool = True

    def check_limit(self, limit: int | None) -> None:
        """Refuse a limit that means nothing.

        Raises:
            InvalidInput: there is one where none belongs, or none where one does, or out of reason.
        """
        if (limit is None) != (self.usual_limit is None):
            raise InvalidInput("Only a rule about a number has a limit.")
        if limit is not None and not 0 <= limit <= LARGEST_LIMIT:
            raise InvalidInput("The limit lies from 0 to {most}.", most=LARGEST_LIMIT)


RULES: dict[RuleKey, Rule] = {
    rule.key: rule
    for rule in (
        Rule(
            key=RuleKey.COMPLAINTS,
            window=Window.MONTH,
            title=N_("More complaints of a class than before"),
            explanation=N_(
                "Complaints of a class at a station in a month, against its encounters and its"
                " own last twelve months that were not under suspicion: an exact test."
            ),
        ),
        Rule(
            key=RuleKey.LOST_ITEMS,
            window=Window.MONTH,
            title=N_("An item is lost more often than before"),
            explanation=N_(
                "How often an item was lost at a station in a month, beyond the p′ limit of the"
                " twelve months before; what a few people lose is no sign."
            ),
            is_of_files=False,
        ),
        Rule(
            key=RuleKey.LATE_STEPS,
            window=Window.WEEK,
            title=N_("Files are worked on too late more often than before"),
            explanation=N_(
                "How often a step of the files received at a station in a week came too late,"
                " beyond the p′ limit of the twelve weeks before."
            ),
        ),
        Rule(
            key=RuleKey.OVERDUE_FILES,
            window=Window.WEEK,
            title=N_("Too many files are overdue"),
            explanation=N_("Running files of a station with an overdue step, more than the limit."),
            usual_limit=5,
            is_tested=False,
        ),
        Rule(
            key=RuleKey.SEVERE_EVENTS,
            window=Window.DAY,
            title=N_("A severe single event"),
            explanation=N_("A file about safety or personal data: one is enough."),
            is_of_accountability=True,
            is_tested=False,
        ),
    )
}
