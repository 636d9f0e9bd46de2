"""python -m core score: what answers to a checklist come to, as JSON."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from core.checklist import PRESETS
from core.errors import InvalidInput, PortalError
from core.library import Library, load_checklist, load_library
from core.scoring import parse_answers, score
from core.text.yamlfile import load_data


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the score sheet; 2 and one sentence on standard error when an input cannot be used."""
    options = _parser().parse_args(arguments)
    try:
        checklist = load_checklist(options.checklist, library=_OnDemand(), preset=options.preset)
        sheet = score(checklist, parse_answers(checklist, _answers(options.answers)))
    except PortalError as error:
        print(error, file=sys.stderr)
        return 2
    print(json.dumps(sheet.to_data(), ensure_ascii=False, indent=2, allow_nan=False))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m core", description=__doc__)
    actions = parser.add_subparsers(required=True, metavar="score")
    action = actions.add_parser("score", help="print the score sheet of one inspection as JSON")
    action.add_argument("checklist", type=Path, help="YAML or JSON: a checklist or a plain form")
    action.add_argument("answers", type=Path, help="JSON: {item key: answer} or {answers: {...}}")
    action.add_argument("--preset", choices=PRESETS, help="rules to start from (default: portal)")
    return parser


class _OnDemand:
    """The library, read only when a checklist uses an item of it."""

    def item_data(self, item_id: str) -> dict[str, Any] | None:
        return _library().item_data(item_id)


@cache
def _library() -> Library:
    return load_library()


def _answers(path: Path) -> dict[str, Any]:
    data = load_data(path).data
    answers = data.get("answers", data) if isinstance(data, dict) else data
    if not isinstance(answers, dict):
        raise InvalidInput("{file} holds no answers by item key.", file=path.name)
    return answers


if __name__ == "__main__":
    sys.exit(main())
