"""Checklists: their model, reading and writing them, and checking one before it is used."""

from core.checklist.conditions import Compare, Condition, Fact, Joined, Match, evaluate
from core.checklist.lint import lint
from core.checklist.model import (
    CHANNELS,
    KINDS,
    Band,
    Channel,
    Checklist,
    Clock,
    Effect,
    EffectKind,
    Item,
    Kind,
    Option,
    Range,
    Section,
    Texts,
    text_in,
)
from core.checklist.parse import parse_checklist
from core.checklist.plain_data import to_data
from core.checklist.problems import ChecklistError, Problem
from core.checklist.settings import PRESETS, Settings

__all__ = [
    "CHANNELS",
    "KINDS",
    "PRESETS",
    "Band",
    "Channel",
    "Checklist",
    "ChecklistError",
    "Clock",
    "Compare",
    "Condition",
    "Effect",
    "EffectKind",
    "Fact",
    "Item",
    "Joined",
    "Kind",
    "Match",
    "Option",
    "Problem",
    "Range",
    "Section",
    "Settings",
    "Texts",
    "evaluate",
    "lint",
    "parse_checklist",
    "text_in",
    "to_data",
]
