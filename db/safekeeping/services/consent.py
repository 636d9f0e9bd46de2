"""Entering that a customer refuses, or agrees again, as an import may say it.

It holds from the next reading on, for what is assigned, inspected or taught already, too
(`db.encounters.queries.consent`). Figures stay.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.access import Action, Identity, require
from db.cases.queries.case import case
from db.encounters.models import Interaction
from db.inspection.models import Inspection
from db.store import audit


def enter_consent(
    session: Session,
    *,
    who: Identity,
    inspection_id: int,
    agrees: bool,
    of_customer: bool,
    now: datetime,
) -> int:
    """The customer of a case refuses, or agrees again; repeated, it changes nothing.

    Args:
        of_customer: of every encounter of this customer that is there, not of this one alone.

    Returns:
        How many encounters are closed, or open again, by it.

    Raises:
        NotAllowed, NotFound: the role amends nothing, or does not see this case.
    """
    require(who, Action.AMEND)
    ids = _encounters(session, who, inspection_id, of_customer=of_customer)
    differs = Interaction.consent.is_(False) if agrees else Interaction.consent.is_not(False)
    changed = session.scalars(
        update(Interaction)
        .where(Interaction.id.in_(ids), differs)
        .values(consent=agrees)
        .returning(Interaction.id)
    ).all()
    if changed:
        deed = "consent_again" if agrees else "refuse_consent"
        audit.record_all(session, who, deed, ("interaction", sorted(changed)), now=now)
    return len(changed)


def _encounters(
    session: Session, who: Identity, inspection_id: int, *, of_customer: bool
) -> Sequence[int]:
    case(session, who, inspection_id)
    inspection = session.get_one(Inspection, inspection_id)
    encounter = session.get_one(Interaction, inspection.interaction_id)
    if not of_customer or encounter.customer_ref is None:
        return [encounter.id]
    of_same = Interaction.customer_ref == encounter.customer_ref
    return session.scalars(select(Interaction.id).where(of_same).order_by(Interaction.id)).all()
