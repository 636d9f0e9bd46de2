"""Personal data in texts replaced by placeholders of the same length (docs/security.md)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

from core.safekeeping.masking.addresses import address_answer, addresses
from core.safekeeping.masking.announced import announced, announced_kinds, answers, expected
from core.safekeeping.masking.chinese_names import chinese_answer, chinese_names
from core.safekeeping.masking.dictated import HAN_NUMERALS, dictated
from core.safekeeping.masking.forms import formed
from core.safekeeping.masking.latin_names import latin_answer, latin_names
from core.safekeeping.masking.mail_addresses import mail_addresses
from core.safekeeping.masking.other_names import other_names
from core.safekeeping.masking.repetitions import Repetitions
from core.safekeeping.masking.shadow import (
    PLACEHOLDER,
    MaskedSpan,
    Shadow,
    Stretch,
    blanked,
    shadow_of,
)
from core.safekeeping.masking.telephones import telephones
from core.text.name_letters import composed

# An answer may wait for a turn or two: "one moment, I look".
_PATIENCE = 3
# What is masked may uncover what stands beside it; texts made to go on for ever stop here.
_PASSES = 8
_SHOWN = re.compile(f"[^{PLACEHOLDER}]+")

_DIGIT = re.compile("[0-9]")
_ANSWER_FOLLOWS = re.compile(r"[?\n][^?\n]{2}")
_SENTENCE = re.compile(r"(?:[a-z\u4e00-\u9fff ]{1,12}: ?)?([^?\n]{1,2000}[?\n]?)")


@dataclass(frozen=True)
class Masked:
    """A text fit to be stored, as long as the original, and what was taken out of it."""

    text: str
    spans: tuple[MaskedSpan, ...] = ()


class PlacedSpan(NamedTuple):
    """What was masked in a text within data; `field` is the way to it, such as /passenger/0."""

    field: str
    span: MaskedSpan


def mask(text: str) -> Masked:
    """Replace personal data by placeholders; offsets into the text stay true.

    Full-width digits and letters, and spaces and hyphens of every kind, count as plain ones;
    characters that nobody sees do not count, nor do accents, however they are written. Masking a
    masked text finds nothing.
    """
    return mask_turns([text])[0]


def masked(text: str) -> str:
    """The same where nobody will ever need the clear words again."""
    return mask(text).text


def mask_turns(texts: Sequence[str]) -> list[Masked]:
    """The same for the turns of a conversation.

    A question announces what its answer holds, and what is masked once is masked wherever it is
    repeated.
    """
    masked_turns = _masked_conversation(texts)
    for _ in range(_PASSES):
        spans = [span for turn in masked_turns for span in turn.spans]
        if not spans:
            break
        repetitions = Repetitions(spans)
        repeated = [repetitions(turn.text) for turn in masked_turns]
        if not any(repeated):
            break
        masked_turns = list(map(_with, texts, masked_turns, repeated))
        # What is hidden now may uncover what stands beside it.
        beside = _masked_conversation([turn.text for turn in masked_turns])
        masked_turns = [
            _with(text, turn, map(_stretch, more.spans))
            for text, turn, more in zip(texts, masked_turns, beside, strict=True)
        ]
    return masked_turns


def _masked_conversation(texts: Sequence[str]) -> list[Masked]:
    masked_turns: list[Masked] = []
    open_questions: list[frozenset[str]] = []
    for text in texts:
        turn, shadow = _masked(text, frozenset(chain(*open_questions[-_PATIENCE:])))
        masked_turns.append(turn)
        if len(texts) > 1:
            open_questions.append(expected(shadow))
    return masked_turns


def mask_data(value: object, field: str = "") -> tuple[object, list[PlacedSpan]]:
    """The same for every text in data made of objects, lists and plain values; keys stay.

    A key announces its value as a question does.
    """
    return _mask_data(value, field, frozenset())


def _mask_data(
    value: object, field: str, kinds: Collection[str]
) -> tuple[object, list[PlacedSpan]]:
    if isinstance(value, str):
        masked_value, _ = _masked(value, kinds)
        return masked_value.text, [PlacedSpan(field, span) for span in masked_value.spans]
    if isinstance(value, dict):
        elements = {
            key: _mask_data(element, f"{field}/{key}", _kinds_of_key(str(key)))
            for key, element in value.items()
        }
        spans = [span for _, inner_spans in elements.values() for span in inner_spans]
        return {key: element for key, (element, _) in elements.items()}, spans
    if isinstance(value, list):
        listed = [
            _mask_data(element, f"{field}/{number}", kinds) for number, element in enumerate(value)
        ]
        return [element for element, _ in listed], [
            span for _, inner_spans in listed for span in inner_spans
        ]
    return value, []


def _kinds_of_key(key: str) -> frozenset[str]:
    """What a key such as passenger_name or bookingCode announces."""
    words = re.sub("(?<=[a-z])(?=[A-Z])|[_.-]+", " ", key)
    return announced_kinds(shadow_of(words))


def _masked(text: str, kinds: Collection[str]) -> tuple[Masked, Shadow]:
    """A text masked, where `kinds` were asked for before it, and its shadow after that."""
    view = composed(text)
    visible, shadow = _masked_visible(view.text, kinds)
    if view.starts is None:
        return visible, shadow
    stretches = [
        Stretch(*view.written(span.start, span.start + span.length), span.kind)
        for span in visible.spans
    ]
    return _result(text, stretches), shadow


def _masked_visible(text: str, kinds: Collection[str]) -> tuple[Masked, Shadow]:
    """The same for a text of visible characters."""
    shadow = shadow_of(text)
    stretches: list[Stretch] = []
    for _ in range(_PASSES):
        new = _apart(_stretches(shadow, kinds), shadow)
        if not new:
            break
        stretches += new
        shadow = shadow.blanked(new)
    return _result(text, sorted(stretches)), shadow


def _stretches(shadow: Shadow, kinds: Collection[str]) -> Iterator[Stretch]:
    """What the rules find, the surest first; most texts hold nothing for most rules."""
    text = shadow.low
    has_digits = _DIGIT.search(text) is not None
    if has_digits:
        yield from formed(shadow)
    if has_digits or shadow.words or HAN_NUMERALS.search(text):
        yield from announced(shadow)
        yield from dictated(shadow)
    if has_digits:
        yield from telephones(shadow)
    yield from _answers(shadow, kinds)
    if _ANSWER_FOLLOWS.search(text):
        yield from _answers_within(shadow)
    yield from addresses(shadow)
    if not shadow.is_ascii:
        yield from chinese_names(shadow)
        yield from other_names(shadow)
    if shadow.words:
        yield from mail_addresses(shadow)
        yield from latin_names(shadow)


def _answers(shadow: Shadow, kinds: Collection[str]) -> Iterator[Stretch]:
    """What a text holds of the kinds that were asked for before it."""
    if not kinds:
        return
    yield from answers(shadow, kinds)
    if "name" in kinds:
        yield from chinese_answer(shadow)
        yield from latin_answer(shadow)
    if "address" in kinds:
        yield from address_answer(shadow)


def _answers_within(shadow: Shadow) -> Iterator[Stretch]:
    """The same where questions and answers stand in one text."""
    kinds: frozenset[str] = frozenset()
    for match in _SENTENCE.finditer(shadow.low):
        # A speaker may be named in front, as in a transcript that is one text.
        start, end = match.span(1)
        sentence = Shadow(shadow.plain[start:end], shadow.low[start:end])
        for stretch in _answers(sentence, kinds):
            yield Stretch(start + stretch.start, start + stretch.end, stretch.kind)
        kinds = expected(sentence)


def _apart(stretches: Iterable[Stretch], shadow: Shadow) -> list[Stretch]:
    """The stretches in order and apart: the first and longest wins; without placeholders."""
    apart: list[Stretch] = []
    end = 0
    for stretch in sorted(stretches, key=lambda stretch: (stretch.start, -stretch.end)):
        shown = _SHOWN.finditer(shadow.low, max(stretch.start, end), stretch.end)
        apart.extend(Stretch(match.start(), match.end(), stretch.kind) for match in shown)
        end = max(end, stretch.end)
    return apart


def _with(text: str, turn: Masked, stretches: Iterable[Stretch]) -> Masked:
    """A masked turn with more stretches of its text masked."""
    more = list(stretches)
    return _result(text, sorted([*map(_stretch, turn.spans), *more])) if more else turn


def _stretch(span: MaskedSpan) -> Stretch:
    return Stretch(span.start, span.start + span.length, span.kind)


def _result(text: str, stretches: Sequence[Stretch]) -> Masked:
    spans = tuple(
        MaskedSpan(start=start, length=end - start, kind=kind, clear=text[start:end])
        for start, end, kind in stretches
    )
    return Masked(blanked(text, stretches), spans)
