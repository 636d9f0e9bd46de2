"""python -m core.prescore: items answered from dialogues, one JSON line each."""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from core.errors import InvalidInput, PortalError
from core.prescore import rules
from core.prescore.dialogue import Dialogue, Speaker
from core.prescore.dialogue_file import read_dialogues
from core.prescore.fitting import fit
from core.prescore.model_file import packed, read_model
from core.prescore.phrases import PhraseItem, shipped
from core.prescore.suggestion import Suggestion


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a line for each row; 2 and one sentence on standard error for unusable input."""
    options = _parser().parse_args(arguments)
    try:
        for line in options.lines(options):
            print(json.dumps(line, allow_nan=False))
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
    learning = actions.add_parser("fit", help="learn an item from people's answers")
    learning.add_argument("--item", required=True, help="its key among the labels")
    learning.add_argument("--labels", required=True, type=Path, help="dialogues to learn from")
    learning.add_argument(
        "--calibration", required=True, type=Path, help="dialogues to prove the answers on"
    )
    learning.add_argument("--error", type=_share, default=0.05, help="of answers that may be wrong")
    learning.add_argument("--confidence", type=_share, default=0.9, help="that no more are wrong")
    learning.add_argument("--out", required=True, type=Path, help="where the model is written")
    learning.set_defaults(lines=_fitted)
    answering = actions.add_parser("answer", help="answer by a model that was learned")
    answering.add_argument("model", type=Path)
    answering.add_argument("file", type=Path, help="dialogues, as for rules")
    answering.set_defaults(lines=_by_model)
    return parser


def _by_rules(options: argparse.Namespace) -> Iterator[dict[str, Any]]:
    for dialogue in read_dialogues(options.file).dialogues():
        suggestion = rules.suggest(dialogue, PhraseItem(options.item), Speaker(options.speaker))
        yield _line(dialogue, suggestion, shipped().version)


def _fitted(options: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """Write the model, and print nothing; that its folder lacks is told before the learning."""
    if not options.out.parent.is_dir():
        raise _not_written(options.out)
    labels, calibration = read_dialogues(options.labels), read_dialogues(options.calibration)
    labelled, held_back = ([*file.labelled(options.item)] for file in (labels, calibration))
    ids = {dialogue.id for dialogue, _ in labelled}
    for dialogue, _ in held_back:
        if dialogue.id in ids:
            raise InvalidInput(
                "Dialogue {id} is in both files; what is learned from proves nothing.",
                id=dialogue.id,
            )
    model = fit(
        options.item, labelled, held_back, error=options.error, confidence=options.confidence
    )
    try:
        options.out.write_bytes(packed(model))
    except OSError:
        raise _not_written(options.out) from None
    yield from ()


def _not_written(path: Path) -> InvalidInput:
    return InvalidInput("The file {file} cannot be written.", file=path.name)


def _by_model(options: argparse.Namespace) -> Iterator[dict[str, Any]]:
    model, version = read_model(options.model)
    for dialogue in read_dialogues(options.file).dialogues():
        yield _line(dialogue, model.suggest(dialogue), version)


def _share(text: str) -> float:
    """A number between 0 and 1, neither of them."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 < value < 1:
        raise argparse.ArgumentTypeError(f"{text} does not lie between 0 and 1")
    return value


def _line(dialogue: Dialogue, suggestion: Suggestion, model: str) -> dict[str, Any]:
    return {"id": dialogue.id, **suggestion.to_data(), "model": model}


if __name__ == "__main__":
    sys.exit(main())
