"""python -m core: scores, proofs and statistics of the pages as JSON, and texts masked."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from core.checklist import PRESETS, lint
from core.commands.month_series import trend
from core.commands.rating_pairs import agreement
from core.commands.station_scores import verdicts
from core.errors import InvalidInput, PortalError
from core.library import Library, load_checklist, load_library
from core.results.proof import check, read_keys
from core.safekeeping.masking import masked
from core.scoring import parse_answers, score
from core.text.yamlfile import load_data

_TABLE_COMMANDS = {
    "trend": (trend, "whether stations changed: columns station, month, n, mean, sd"),
    "agreement": (agreement, "how far two raters agree on each item: columns item, first, second"),
    "verdicts": (
        verdicts,
        "stations against the network: columns station, inspector, staff, day, score [channel]",
    ),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the answer; 2 and one sentence on standard error when an input cannot be used.

    1 where a result does not hold.
    """
    options = _parser().parse_args(arguments)
    try:
        answer = options.answer(options)
    except PortalError as error:
        print(error, file=sys.stderr)
        return 2
    print(answer, end=options.end)
    return int(options.status)


def _score_sheet(options: argparse.Namespace) -> str:
    checklist = load_checklist(options.checklist, library=_OnDemand(), preset=options.preset)
    sheet = score(checklist, parse_answers(checklist, _answers(options.answers)))
    return json.dumps(sheet.to_data(), ensure_ascii=False, indent=2, allow_nan=False)


def _lines(options: argparse.Namespace) -> str:
    """Every answer of a table's command as one line of JSON."""
    answers = options.command(options.table)
    return "\n".join(json.dumps(one, ensure_ascii=False, allow_nan=False) for one in answers)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m core", description=__doc__)
    parser.set_defaults(end="\n", status=0)
    actions = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, (command, what) in _TABLE_COMMANDS.items():
        of_table = actions.add_parser(name, help=what, description=what)
        of_table.add_argument("table", type=Path, help="a CSV file with a line of headings")
        of_table.set_defaults(answer=_lines, command=command)
    action = actions.add_parser("score", help="print the score sheet of one inspection as JSON")
    action.add_argument("checklist", type=Path, help="YAML or JSON: a checklist or a plain form")
    action.add_argument("answers", type=Path, help="JSON: {item key: answer} or {answers: {...}}")
    action.add_argument("--preset", choices=PRESETS, help="rules to start from (default: portal)")
    action.set_defaults(answer=_score_sheet)
    checking = actions.add_parser(
        "check-checklist", help="what a check before activation says of a checklist, one a line"
    )
    checking.add_argument("checklist", type=Path, help="YAML or JSON: a checklist or a plain form")
    checking.set_defaults(answer=_problems)
    verify = actions.add_parser(
        "verify", help="check a downloaded result: its score, its signature"
    )
    verify.add_argument("result", type=Path, help="the JSON that a page of results gave out")
    verify.add_argument(
        "--keys",
        type=Path,
        help="PEM: the portal's, as `python -m db result-keys` prints them",
    )
    verify.set_defaults(answer=_verdict)
    masking = actions.add_parser("mask", help="print a text with its personal data masked")
    masking.add_argument("text", type=Path, help="UTF-8; each line is a text of its own")
    masking.set_defaults(answer=_masked_lines, end="")
    return parser


def _problems(options: argparse.Namespace) -> str:
    """Each problem as one line of JSON; the status says whether one bars activation."""
    problems = lint(load_checklist(options.checklist, library=_OnDemand()))
    options.status = int(any(problem.severity == "error" for problem in problems))
    lines = (
        {"path": one.path, "severity": one.severity, "message": one.sentence.format(**one.values)}
        for one in problems
    )
    options.end = "\n" if problems else ""
    return "\n".join(json.dumps(line, ensure_ascii=False) for line in lines)


def _verdict(options: argparse.Namespace) -> str:
    """What checking the result came to, as JSON; the status says whether it holds."""
    keys = read_keys(_bytes(options.keys)) if options.keys else []
    try:
        result = json.loads(_bytes(options.result))
    except ValueError:
        raise InvalidInput("The file {file} holds no JSON.", file=options.result.name) from None
    verdict = check(result, keys)
    options.status = int(not verdict.holds)
    return json.dumps(verdict.to_data(), ensure_ascii=False, indent=2, allow_nan=False)


def _masked_lines(options: argparse.Namespace) -> str:
    """As many lines as the file has, each as long; what ends a line stays as it is."""
    try:
        text = _bytes(options.text).decode()
    except UnicodeDecodeError:
        raise InvalidInput("The file {file} cannot be read.", file=options.text.name) from None
    return "\n".join(map(masked, text.split("\n")))


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        raise InvalidInput("The file {file} cannot be read.", file=path.name) from None


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
