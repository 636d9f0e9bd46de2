"""Whether an encounter may be used: not while its customer refuses, whenever that came in.

The one rule: `consent` is false. Unknown (NULL) is open. Every reader of what was said, recorded,
photographed or written about an encounter asks here, each time, so that a change by an import
holds at once and in both directions.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from core.errors import InvalidInput
from db.encounters.models import Interaction

OPEN = Interaction.consent.is_not(False)
"""The rule for a query that reads the encounter itself."""
_encounter = aliased(Interaction)


class ConsentRefused(InvalidInput):
    """The customer refuses: what was wanted of the encounter is not done."""

    def __init__(self) -> None:
        super().__init__("The customer has withdrawn consent; this encounter is put aside.")


def open_to_use(interaction_id: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
    """The rule for rows of another table; one that names no encounter is open."""
    return ~exists().where(_encounter.id == interaction_id, _encounter.consent.is_(False))


def is_closed(interaction: Interaction) -> bool:
    return interaction.consent is False


def require_open(session: Session, interaction_id: int) -> None:
    """Raises ConsentRefused where the customer of an encounter refuses."""
    refused = select(Interaction.id).where(Interaction.id == interaction_id, ~OPEN)
    if session.scalar(refused) is not None:
        raise ConsentRefused
