"""What an import did or would do, as other systems read it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict

from db.importing.forecast import Forecast
from db.importing.import_job import ImportOutcome
from db.tabular.tables import Refusal
from pages.web.api import Data

Translate = Callable[[str], str]


def outcome_data(outcome: ImportOutcome, translate: Translate) -> Data:
    """The refused rows, the headings left out, what there is to know of the file."""
    return {
        "not_imported": list(outcome.ignored),
        "refused": [_row(refused, translate) for refused in outcome.refusals],
        "notes": [filled(translate(n.template), n.values) for n in outcome.forecast.notes],
    }


def preview_data(forecast: Forecast) -> Data:
    """For each column what is added, changed, emptied; `losses` is what to agree to."""
    columns = {
        name: asdict(column) | {"examples": [example._asdict() for example in column.examples]}
        for name, column in forecast.columns.items()
    }
    return {"columns": columns, "losses": forecast.losses()}


def filled(sentence: str, values: Mapping[str, object]) -> str:
    return sentence.format(**values) if values else sentence


def _row(refused: Refusal, translate: Translate) -> Data:
    sentence = filled(translate(refused.sentence), refused.values)
    return {"row": refused.line, "column": refused.column, "sentence": sentence}
