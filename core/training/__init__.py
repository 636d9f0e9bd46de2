"""Who should be trained, where each person stands until the course is mastered, and the exam."""

from core.training.course_standing import (
    CompetencyState,
    Rules,
    Standing,
    Taking,
    standing_of,
)
from core.training.effect_months import MOST_AFTER, Windows, people_of, windows_of
from core.training.emerging_losses import Counts, Rise, can_be_judged, in_order, rises
from core.training.exam import (
    Answer,
    BankKey,
    ExamItem,
    ExamLesson,
    OwnQuestion,
    Question,
    TrainerChoices,
    draw,
    every_question,
    grade,
)
from core.training.proposals import (
    LossRecord,
    Proposal,
    Reason,
    propose,
    told_reason,
    urgency,
)

__all__ = [
    "MOST_AFTER",
    "Answer",
    "BankKey",
    "CompetencyState",
    "Counts",
    "ExamItem",
    "ExamLesson",
    "LossRecord",
    "OwnQuestion",
    "Proposal",
    "Question",
    "Reason",
    "Rise",
    "Rules",
    "Standing",
    "Taking",
    "TrainerChoices",
    "Windows",
    "can_be_judged",
    "draw",
    "every_question",
    "grade",
    "in_order",
    "people_of",
    "propose",
    "rises",
    "standing_of",
    "told_reason",
    "urgency",
    "windows_of",
]
