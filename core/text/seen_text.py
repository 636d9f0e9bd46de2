"""What is seen of a text: folded, and without what hides words from a search.

Characters that nobody sees go, letters lose their accents, marks that stand behind a letter join
it, a number loses the commas between its thousands, and a line that ends inside a word goes on.
Offsets lead back to the text as it is written.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

from core.text.textfold import TextRange, fold

INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u2800\ufe00-\ufe0f\ufeff\U000e0000-\U000e0fff"
)
"""For a class of a pattern: zero width, soft hyphens, variation selectors, directions."""
MARKS = "\u0300-\u034e\u0350-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\u3099\u309a\ufe20-\ufe2f"
"""For a class of a pattern: accents and other marks that stand behind their letter."""
JOINERS = "'’_\\-\u2010\u2011"
"""For a class of a pattern: signs inside a word that may as well be left out."""
_CHINESE = "\u3005-\u3007\u3040-\u30ff\u3105-\u312f\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff"
_SPELLED = "ß\ufb00-\ufb06\u3371-\u33df"

Edit = tuple[re.Pattern[str], Callable[[re.Match[str]], str]]
"""What is replaced, and by what; the replacement stands for the whole of it."""


@dataclass(frozen=True)
class SeenText:
    """`text` is what is compared; `starts` and `ends` lead back where something changed place."""

    text: str
    starts: Sequence[int] | None = None
    ends: Sequence[int] | None = None

    def written(self, start: int, end: int) -> TextRange:
        """Where a stretch of the seen text stands in the original; it is not empty."""
        if self.starts is None or self.ends is None:
            return TextRange(start, end)
        return TextRange(self.starts[start], self.ends[end - 1])


def seen(text: str) -> SeenText:
    """The seen text, with its way back."""
    view = edited(text, _edits_for(text))
    return SeenText(_compared(view.text), view.starts, view.ends)


def edited(text: str, edits: Sequence[Edit]) -> SeenText:
    """A text after some edits, one behind the other, with its way back."""
    if not edits:
        return SeenText(text)
    starts, ends = list(range(len(text))), list(range(1, len(text) + 1))
    for pattern, replacing in edits:
        text, starts, ends = _replaced(text, starts, ends, pattern, replacing)
    return SeenText(text, starts, ends)


def seen_words(text: str) -> str:
    """The seen text alone, which is faster."""
    for pattern, replacing in _edits_for(text):
        text = pattern.sub(replacing, text)
    return _compared(text)


def _replaced(
    text: str,
    starts: list[int],
    ends: list[int],
    pattern: re.Pattern[str],
    replacing: Callable[[re.Match[str]], str],
) -> tuple[str, list[int], list[int]]:
    """A text after one edit."""
    pieces: list[str] = []
    new_starts: list[int] = []
    new_ends: list[int] = []
    last = 0
    for match in pattern.finditer(text):
        start, end = match.span()
        new = replacing(match)
        pieces += [text[last:start], new]
        new_starts += [*starts[last:start], *[starts[start]] * len(new)]
        new_ends += [*ends[last:start], *[ends[end - 1]] * len(new)]
        last = end
    return "".join([*pieces, text[last:]]), new_starts + starts[last:], new_ends + ends[last:]


def _edits_for(text: str) -> tuple[Edit, ...]:
    """What a text needs: in most nothing, or the commas of its numbers taken out."""
    if _HIDING.search(text):
        return _edits()
    return (_IN_NUMBERS,) if _THOUSANDS.search(text) else ()


_HIDING = re.compile(f"[{INVISIBLE}{MARKS}{_SPELLED}\u1100-\u11ff\uff9e\uff9f\r\n]")
_DIGIT = "[0-9\uff10-\uff19]"
_THOUSANDS = re.compile(f"[,\uff0c](?<={_DIGIT}.)(?={_DIGIT}{{3}}(?!{_DIGIT}))")
_IN_NUMBERS: Edit = (_THOUSANDS, lambda _: "")
_ACCENTED = re.compile("[\u00c0-\u024f\u1e00-\u1eff]")


@cache
def _edits() -> tuple[Edit, ...]:
    return (
        (re.compile(f"[{INVISIBLE}]+"), lambda _: ""),
        (re.compile(f"[^\\s{MARKS}\uff9e\uff9f][{MARKS}\uff9e\uff9f]+"), _with_marks),
        (re.compile("[\u1100-\u115e][\u1161-\u11a7][\u11a8-\u11ff]?"), _composed),
        (re.compile(f"[{_SPELLED}]"), _spelled),
        _IN_NUMBERS,
        (re.compile(r"[^\S\r\n]*(?:\r\n|\r|\n)[^\S\r\n]*"), lambda _: "\n"),
        (re.compile(f"(?<=[{_CHINESE}])\n(?=[{_CHINESE}])"), lambda _: ""),
        (re.compile(f"(?<=[^\\W_])[{JOINERS}]\n(?=[^\\W_])"), lambda _: "\n"),
    )


def _composed(match: re.Match[str]) -> str:
    return unicodedata.normalize("NFC", match[0])


def _with_marks(match: re.Match[str]) -> str:
    """A letter and its marks as one character, the letter alone where there is none."""
    composed = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", match[0]))
    return composed[0]


def _spelled(match: re.Match[str]) -> str:
    """A sign for several letters, such as a ligature, as these letters."""
    return unicodedata.normalize("NFKC", match[0].replace("ß", "ss"))


def _compared(text: str) -> str:
    return unaccented(fold(text))


def unaccented(text: str) -> str:
    """Latin letters without their accents, one character for each of the original."""
    return text.translate(_PLAIN) if _ACCENTED.search(text) else text


class _Plain(dict[int, int]):
    """Letters without their accents; found out when a letter is first met."""

    def __missing__(self, code: int) -> int:
        base = unicodedata.normalize("NFD", chr(code))[0]
        self[code] = ord(base) if code > 127 and base.isascii() else code
        return self[code]


_PLAIN = _Plain()
