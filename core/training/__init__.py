"""Who should be trained, where each person stands until the course is mastered, and the exam."""

from core.training.emerging import Counts, Rise, rises
from core.training.exam import Entry, Lesson, Question, draw, grade
from core.training.proposals import Proposal, Reason, Record, propose, urgency
from core.training.standing import Rules, Standing, State, Taking, add_months, standing_of
from core.training.windows import MOST_AFTER, Windows, month_of, people_of, windows_of

__all__ = [
    "MOST_AFTER",
    "Counts",
    "Entry",
    "Lesson",
    "Proposal",
    "Question",
    "Reason",
    "Record",
    "Rise",
    "Rules",
    "Standing",
    "State",
    "Taking",
    "Windows",
    "add_months",
    "draw",
    "grade",
    "month_of",
    "people_of",
    "propose",
    "rises",
    "standing_of",
    "urgency",
    "windows_of",
]
