"""Numbers and codes dictated in words: 幺三八, four one double five, K for kilo, C-H-E-N."""

from __future__ import annotations

import re
from collections.abc import Iterator

from core.safekeeping.masking.shadow import Shadow, Stretch

_NUMERAL = "[零〇洞幺一二三四五六七八九两拐壹贰叁肆伍陆柒捌玖]"
_HAN_RUN = re.compile(f"{_NUMERAL}(?:[ ,、.。-]{{0,2}}{_NUMERAL}){{2,39}}")
HAN_NUMERALS = re.compile(f"{_NUMERAL}[ ,、.-]?{_NUMERAL}|[年月]")
_DIGIT = "zero|oh|nought|one|two|three|four|five|six|seven|eight|nine|niner"
_LETTER = (
    "alpha|alfa|bravo|charlie|delta|echo|foxtrot|golf|hotel|india|juliet|juliett|kilo|lima|mike"
    "|november|oscar|papa|quebec|romeo|sierra|tango|uniform|victor|whiskey|whisky|x-ray|xray"
    "|yankee|zulu"
)
_TENS = (
    "ten|eleven|twelve|[a-z]{3,5}teen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred"
)
DICTATED_WORDS = frozenset(f"{_DIGIT}|{_LETTER}|ray".split("|"))
# A digit, a letter by name, by an example or by itself.
_UNIT = (
    rf"(?:(?:(?:double|triple)[ -])?(?:{_DIGIT})|{_LETTER}"
    r"|[a-z][ ,]{1,2}(?:for|as in|like|is for)[ ](?!the |a |my )[a-z-]{3,12}"
    r"|(?:double |triple )?[a-z0-9])(?![a-z0-9'])"
)
_LATIN_RUN = re.compile(rf"(?<![a-z0-9]){_UNIT}(?:[ ,.-]{{1,3}}(?:and |then )?{_UNIT}){{1,39}}")
_COUNTED = re.compile(
    rf"(?:{_DIGIT}|{_TENS})(?:[ ,-]{{1,2}}(?:and )?(?:{_DIGIT}|{_TENS})){{1,12}}(?![a-z])"
)
_ANY_UNIT = re.compile(rf"{_UNIT}|(?:{_TENS})(?![a-z])")
_WORD = re.compile(rf"(?<![a-z])(?:{_DIGIT}|{_LETTER}|(?:for|as in|like) [a-z]+|{_TENS})(?![a-z])")
_SPELT = re.compile(r"[A-Z](?:(?:-|, ?| )[A-Z0-9]){3,25}(?![A-Za-z0-9'])")
_ENOUGH, _ENOUGH_ANNOUNCED = 7, 3


def dictated(shadow: Shadow) -> Iterator[Stretch]:
    """What is dictated without a word that announces it: seven digits, four letters or more."""
    for match in _runs(shadow):
        yield Stretch(match.start(), match.end(), "digits")


def _runs(shadow: Shadow) -> Iterator[re.Match[str]]:
    if not shadow.is_ascii:
        yield from (run for run in _HAN_RUN.finditer(shadow.low) if _is_number(run[0]))
    if not DICTATED_WORDS.isdisjoint(shadow.vocabulary):
        runs = _LATIN_RUN.finditer(shadow.low)
        yield from (run for run in runs if _is_dictated(run[0], _ENOUGH))
    plain = shadow.plain
    yield from (
        run for run in _SPELT.finditer(plain) if not plain[run.start() - 1 : run.start()].isalnum()
    )


def dictated_end(shadow: Shadow, start: int) -> int:
    """The offset behind what is dictated after a word that announces it, or 0: three or more."""
    if match := _HAN_RUN.match(shadow.low, start):
        return match.end()
    match = _LATIN_RUN.match(shadow.low, start) or _COUNTED.match(shadow.low, start)
    return match.end() if match and _is_dictated(match[0], _ENOUGH_ANNOUNCED) else 0


def _is_number(run: str) -> bool:
    """Whether numerals are enough, and no counting: one two three."""
    numerals = "".join(re.findall(_NUMERAL, run))
    return len(numerals) >= _ENOUGH and not "一二三四五六七八九".startswith(numerals[:9])


def _is_dictated(run: str, least: int) -> bool:
    """Whether a run has enough units, and mostly words for digits or letters."""
    units = len(_ANY_UNIT.findall(run)) + run.count("double ") + 2 * run.count("triple ")
    return units >= least and 2 * len(_WORD.findall(run)) >= units
