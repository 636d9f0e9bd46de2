"""Scoring: answers to a checklist version become a score sheet with its ledger."""

from core.scoring.answers import Answer, parse_answers
from core.scoring.ledger import LedgerStep, replay, rounded
from core.scoring.own_words import hidden_words, reworded, with_hidden_words
from core.scoring.score import score
from core.scoring.sheet import ItemScore, ScoreSheet, SectionScore, TagScore

__all__ = [
    "Answer",
    "ItemScore",
    "LedgerStep",
    "ScoreSheet",
    "SectionScore",
    "TagScore",
    "hidden_words",
    "parse_answers",
    "replay",
    "reworded",
    "rounded",
    "score",
    "with_hidden_words",
]
