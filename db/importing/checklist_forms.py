"""A checklist form read over the newest version of its checklist, and what it would change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access import Action, Identity, require
from core.checklist.parse_items import ItemSource
from core.forms import Imported
from core.forms.carrying import FieldChange, filled
from core.text.sentence import Sentence
from db.checklists.files import read_file
from db.checklists.models import ChecklistRecord, ChecklistVersion
from db.checklists.services.drafting import create
from db.importing.forecast import AgreementNeeded, Forecast
from db.importing.journal import RowCounts
from db.importing.kinds import ColumnChange, ImportPlan


@dataclass(frozen=True)
class FormFile:
    """An uploaded form, and whether its empty cells clear what is stored."""

    name: str
    data: bytes
    clears: bool = False


@dataclass(frozen=True)
class FormOutlook:
    """A form as it would be stored; `number` is the version it was read over, 0 for a new one."""

    imported: Imported
    forecast: Forecast
    number: int

    def counts(self) -> RowCounts:
        """The items of the form, and what becomes of them; those that go are none of them."""
        rows = [item for part in self.imported.content["sections"] for item in part["items"]]
        touched = {change.place for change in self.imported.changes if change.place}
        fresh = {
            change.place
            for change in self.imported.changes
            if change.place and change.column == "kind" and change.before is None
        }
        if not self.number:
            fresh = touched = set(range(1, len(rows) + 1))
        return RowCounts(
            read=len(rows),
            added=len(fresh),
            updated=len(touched - fresh),
            unchanged=len(rows) - len(touched),
        )


def look(
    session: Session, *, who: Identity | None, file: FormFile, library: ItemSource
) -> FormOutlook:
    """What a form would change; writes nothing. Nobody as `who` is the operator at the terminal.

    Raises:
        FormError: it makes no checklist; every fault with its place.
        InvalidInput: it is neither a workbook nor JSON nor YAML.
        NotAllowed: the role does not edit checklists.
    """
    if who is not None:
        require(who, Action.EDIT_CHECKLISTS)
    found: list[ChecklistVersion] = []

    def stored(key: str) -> dict[str, Any] | None:
        found.extend(session.scalars(_newest(key)))
        return found[0].content if found else None

    imported = read_file(file.name, file.data, library=library, stored=stored, clears=file.clears)
    forecast = Forecast(notes=list(imported.notes))
    changes = list(map(_change, imported.changes))
    forecast.take(ImportPlan(changes=changes), ())
    forecast.weigh(filled(found[0].content) if found else {})
    gone = [each for each in imported.changes if each.column == "items" and each.after is None]
    if gone:
        keys = ", ".join(str(each.before) for each in gone)
        forecast.notes.append(
            Sentence("The form does not hold these items, which would go: {keys}.", {"keys": keys})
        )
    return FormOutlook(imported, forecast, found[0].number if found else 0)


def begin_draft(
    session: Session,
    *,
    who: Identity | None,
    file: FormFile,
    library: ItemSource,
    agreed: bool,
    now: datetime,
) -> int:
    """Begin a draft of a form; returns the id of its version.

    Raises:
        AgreementNeeded: it would take more of what is stored than may go unasked.
        FormError, InvalidInput, NotAllowed: as `look`.
    """
    outlook = look(session, who=who, file=file, library=library)
    if outlook.forecast.losses() and not agreed:
        raise AgreementNeeded(outlook.forecast)
    return create(session, who=who, content=outlook.imported.content, now=now)


def _newest(key: str) -> Any:  # noqa: ANN401  SQLAlchemy's type of a selection of models
    return (
        select(ChecklistVersion)
        .join(ChecklistRecord, ChecklistRecord.id == ChecklistVersion.checklist_id)
        .where(ChecklistRecord.key == key)
        .order_by(ChecklistVersion.number.desc())
        .limit(1)
    )


def _change(change: FieldChange) -> ColumnChange:
    return ColumnChange(change.place, change.column, change.before, change.after)
