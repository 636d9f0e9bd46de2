"""python -m core.prescore: items answered from dialogues, one JSON line each."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from core.errors import PortalError
from core.prescore import rules
from core.prescore.dialogue import Dialogue, Speaker
from core.prescore.dialogue_file import read_dialogues
from core.prescore.phrases import PhraseItem, shipped
from core.prescore.suggestion import Suggestion


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a line for each row; 2 and one sentence on standard error for unusable input."""
    options = _parser().parse_args(arguments)
    try:
        for line in options.lines(options):
            print(json.dumps(line, ensure_ascii=False, allow_nan=False))
    except PortalError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m core.prescore", description=__doc__)
    actions = parser.add_subparsers(required=True, metavar="COMMAND")
    by_rules = actions.add_parser("rules", help="answer an item by the shipped phrases")
    by_rules.add_argument("--item", required=True, choices=[*PhraseItem])
    by_rules.add_argument("--speaker", required=True, choices=[*Speaker])
    by_rules.add_argument(
        "file", type=Path, help="dialogues, one JSON object a line; gzip or plain"
    )
    by_rules.set_defaults(lines=_by_rules)
    return parser


def _by_rules(options: argparse.Namespace) -> Iterator[dict[str, Any]]:
    for dialogue in read_dialogues(options.file).dialogues():
        suggestion = rules.suggest(dialogue, PhraseItem(options.item), Speaker(options.speaker))
        yield _line(dialogue, suggestion, shipped().version)


def _line(dialogue: Dialogue, suggestion: Suggestion, model: str) -> dict[str, Any]:
    return {"id": dialogue.id, **suggestion.to_data(), "model": model}


if __name__ == "__main__":
    sys.exit(main())
