"""Print core/people/chinese_words.txt from the dictionary of the package jieba.

`python -m tests.support.people.chinese_words jieba/dict.txt`: the dictionary (MIT licence) has a
word, its frequency and its class on each line. Taken are frequent words of two to four
characters in Simplified Chinese that are no names of persons.
"""

from __future__ import annotations

import sys
import textwrap
from pathlib import Path

from core.people.meant_names import LONGEST_WORD
from tests.support.safekeeping.ordinary_words import NO_NAMES

_LEAST = {2: 60, 3: 60, 4: 60}
"""Least frequency of words by their length; rarer ones stand in no text by chance."""
_HEADER = """\
# Frequent Chinese words of two to four characters, Simplified, without names of persons. From the
# dictionary of jieba 0.42.1 (github.com/fxsjy/jieba, MIT licence, (c) 2013 Sun Junyi), by
# tests/support/people/chinese_words.py."""


def words(lines: list[str]) -> set[str]:
    taken = {word for word in NO_NAMES.split() if 2 <= len(word) <= LONGEST_WORD}
    for line in lines:
        word, frequency, kind = line.split()
        least = _LEAST.get(len(word))
        if least and int(frequency) >= least and not kind.startswith("nr"):
            taken.add(word)
    return taken


def main() -> None:
    taken = words(Path(sys.argv[1]).read_text("utf-8").splitlines())
    print(_HEADER, textwrap.fill(" ".join(sorted(taken)), 100), sep="\n\n")


if __name__ == "__main__":
    main()
