"""Whose work an encounter is: who served the customer, and who handled the file that it was.

Whose an inspection is besides: who scored it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from core.access import Identity
from core.errors import NotAllowed
from core.files.steps import Step
from db.encounters.models import Interaction
from db.files.models import File, FileStep
from db.inspection.models import Inspection
from db.people.services.identities import is_same_person


def who_handled(
    session: Session, encounters: Select[int] | Collection[int]
) -> dict[int, frozenset[int]]:
    """The accounts that owned the file of an encounter or took a step of it, by encounter.

    To check a file again is no step of it in this sense: somebody else does it on purpose. What
    was struck out counts, as it was done all the same.
    """
    steps = session.execute(
        select(Interaction.id, FileStep.step, FileStep.user_id, FileStep.owner_id)
        .join(File, File.interaction_id == Interaction.id)
        .join(FileStep, FileStep.file_id == File.id)
        .where(Interaction.id.in_(encounters))
    )
    handled: defaultdict[int, set[int]] = defaultdict(set)
    for encounter, step, doer, owner in steps:
        accounts = (owner,) if step == Step.RECHECKED else (owner, doer)
        handled[encounter].update(account for account in accounts if account is not None)
    return {encounter: frozenset(accounts) for encounter, accounts in handled.items()}


def handlers_of(session: Session, interaction_id: int) -> frozenset[int]:
    """The accounts that had a hand in the file which one encounter was."""
    return who_handled(session, [interaction_id]).get(interaction_id, frozenset())


def is_own_encounter(
    session: Session, who: Identity, *, interaction_id: int, served_by: int | None
) -> bool:
    """Whether the person served the customer, or had a hand in the file which it was."""
    return is_own_work(
        session,
        user_id=who.user_id,
        staff_id=who.staff_id,
        interaction_id=interaction_id,
        served_by=served_by,
    )


def is_own_work(
    session: Session,
    *,
    user_id: int,
    staff_id: int | None,
    interaction_id: int,
    served_by: int | None,
) -> bool:
    """Whether an account, perhaps with an entry among the staff, would score what it did itself."""
    if staff_id is not None and staff_id == served_by:
        return True
    return user_id in handlers_of(session, interaction_id)


def refuse_own(session: Session, who: Identity, inspection: Inspection) -> None:
    """Refuse whoever scored an inspection, or did the work that it scores.

    Raises:
        NotAllowed: it is the person's own scoring or work, under whichever account.
    """
    subject = ("inspection", inspection.id)
    if is_same_person(session, who, inspection.inspector_id):
        raise NotAllowed("Nobody rechecks their own scoring.", user_id=who.user_id, subject=subject)
    if is_own_encounter(
        session, who, interaction_id=inspection.interaction_id, served_by=inspection.staff_id
    ):
        raise NotAllowed("Nobody scores their own work.", user_id=who.user_id, subject=subject)
