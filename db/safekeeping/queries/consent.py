"""Whether the customer of a case refuses, and how many encounters are of the same customer."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.access import Action, Identity, require
from db.cases.queries.case import case
from db.encounters.models import Interaction
from db.inspection.models import Inspection


@dataclass(frozen=True)
class CustomerConsent:
    """What is known of the customer.

    Attributes:
        refuses: the encounter is closed.
        encounters: how many are of the customer, this one too; 1 where nobody knows whose it is.
    """

    refuses: bool
    encounters: int


def customer_consent(session: Session, who: Identity, inspection_id: int) -> CustomerConsent:
    """What stands of the customer of a case.

    Raises:
        NotAllowed, NotFound: the role amends nothing, or does not see this case.
    """
    require(who, Action.AMEND)
    view = case(session, who, inspection_id)
    inspection = session.get_one(Inspection, inspection_id)
    encounter = session.get_one(Interaction, inspection.interaction_id)
    if encounter.customer_ref is None:
        return CustomerConsent(view.closed, encounters=1)
    of_customer = Interaction.customer_ref == encounter.customer_ref
    count = session.scalars(select(func.count()).where(of_customer)).one()
    return CustomerConsent(view.closed, encounters=count)
