"""What members of staff were called before: it stands in older texts, and is hidden there, too."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from db.people.models import FormerName, Staff
from db.store.session import dialect_of, insert_into


def keep_names(session: Session, changes: Mapping[int, Mapping[str, object]]) -> None:
    """Keep name and number of members of staff before they are stored otherwise.

    Args:
        changes: new values of columns of `Staff`, by the id of the person.
    """
    rows = session.execute(
        select(Staff.id, Staff.staff_no, Staff.name).where(Staff.id.in_(changes))
    )
    former = [
        {"staff_id": row.id, "staff_no": row.staff_no, "name": row.name}
        for row in rows
        if changes[row.id].get("name", row.name) != row.name
        or changes[row.id].get("staff_no", row.staff_no) != row.staff_no
    ]
    if former:
        session.execute(
            insert_into(FormerName, dialect_of(session)).on_conflict_do_nothing(), former
        )


def former_names(session: Session, staff_id: int) -> list[tuple[str, str]]:
    """Numbers and names that a person had before."""
    query = select(FormerName.staff_no, FormerName.name).where(FormerName.staff_id == staff_id)
    return [(number, name) for number, name in session.execute(query.order_by(FormerName.id))]


def forget_names(session: Session, staff_id: int) -> None:
    session.execute(delete(FormerName).where(FormerName.staff_id == staff_id))
