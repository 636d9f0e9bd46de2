"""Whether a dialogue is there from its opening to its ending, and in a language that is read.

Transcripts break off. That a thing was never said can be told only where one hears how all of it
began or ended, and where the words are Chinese or English.
"""

from __future__ import annotations

import re

from core.encounters.language_tags import language_tag
from core.prescore.dialogue import Dialogue
from core.prescore.phrases import Passage, PhraseItem, shipped

CHINESE, ENGLISH = "zh", "en"
_OF_CHINESE = frozenset({"zh", "cmn", "yue", "wuu", "hak", "nan", "hsn", "gan"})
_FIRST_TURNS = _LAST_TURNS = 2
_CODE = re.compile(r"[A-Za-z]{2,8}(?:[-_][A-Za-z0-9]{2,8})*")
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")
_FOREIGN = re.compile("[\u0370-\u1fff\u3040-\u30ff\uac00-\ud7af]")
"""Letters of scripts in which neither is written."""
_LATIN = re.compile(r"[a-z]+(?:['’][a-z]+)?")
_COMMON = re.compile(
    r"(?:the|an?|i|you|we|it|is|are|am|was|be|been|to|of|in|on|at|for|and|or|not|no|yes|do|does|did"
    r"|can|could|will|would|have|has|had|my|your|our|me|this|that|there|what|when|where|how|who"
    r"|with|from|if|so|ok|okay|hi|hello|thanks?|please|sorry|need|want|like|help|good|any|all|out"
    r"|up|about)(?:['’][a-z]+)?"
)
_ENOUGH = 0.2
"""The least share of common words among those of an English dialogue."""
_MOST_FOREIGN = 0.1


def passages(dialogue: Dialogue) -> frozenset[Passage]:
    """Which ends of the dialogue are there, as far as its words show it."""
    phrases = shipped()
    greeting, farewell = phrases.items[PhraseItem.GREETING], phrases.items[PhraseItem.FAREWELL]
    first = [turn.seen.text for turn in dialogue.spoken[:_FIRST_TURNS]]
    last = [turn.seen.text for turn in dialogue.spoken[-_LAST_TURNS:]]
    opens = any(phrases.opening.search(text) or any(greeting.stretches(text)) for text in first)
    ends = any(phrases.ending.search(text) or any(farewell.stretches(text)) for text in last)
    return frozenset(
        passage
        for passage, is_there in ((Passage.OPENING, opens), (Passage.ENDING, ends))
        if is_there
    )


def declared_language(dialogue: Dialogue) -> str:
    """The language that came with the dialogue: zh for all of Chinese, empty where none came."""
    code = dialogue.language.strip()
    language = language_tag(code).split("-")[0] if _CODE.fullmatch(code) else ""
    return CHINESE if language in _OF_CHINESE else language


def written_language(dialogue: Dialogue) -> str:
    """Zh or en; empty where the words are neither, or too few to tell."""
    text = " ".join(turn.seen.text for turn in dialogue.spoken)
    han, foreign = len(_HAN.findall(text)), len(_FOREIGN.findall(text))
    words = _LATIN.findall(text)
    if foreign > _MOST_FOREIGN * (han + foreign + len(words)):
        return ""
    if han > len(words):
        return CHINESE
    common = sum(bool(_COMMON.fullmatch(word)) for word in words)
    return ENGLISH if words and common >= _ENOUGH * len(words) else ""


def is_read(dialogue: Dialogue) -> bool:
    """Whether its words are Chinese or English, and nothing that came with it says otherwise."""
    if declared_language(dialogue) not in {"", CHINESE, ENGLISH}:
        return False
    return written_language(dialogue) != ""
