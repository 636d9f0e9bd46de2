"""Opening a case: every reading of an encounter is in the audit log."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal, NamedTuple

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from core.access import Action, Identity, require
from core.errors import InvalidInput, not_found
from core.safekeeping.masking import masked
from db.cases.queries.case import CaseView, case
from db.people.models import User
from db.people.queries.shown_texts import HiddenNames
from db.store import audit
from db.teaching.models import SavedFilter


def open_case(
    session: Session,
    *,
    who: Identity,
    inspection_id: int,
    now: datetime,
    how: Literal["view", "preview", "print"] = "view",
    set_id: int | None = None,
) -> CaseView:
    """A case, and the note that this person saw it.

    Raises:
        NotFound: it does not exist, or lies outside what the person may see.
    """
    view = case(session, who, inspection_id, set_id=set_id)
    audit.record(session, who, how, ("inspection", inspection_id), now=now)
    return view


_MOST = 50


class FilterRow(NamedTuple):
    filter_id: int
    name: str
    address: Mapping[str, str]
    shared: bool
    own: bool
    owner: str


def saved_filters(session: Session, who: Identity) -> list[FilterRow]:
    """The person's own filters by name, then those that others share.

    What a shared filter finds is still only what the reader may see; one that looks for a name
    the reader may not know is left out.

    Raises:
        NotAllowed: the person's role does not browse cases.
    """
    require(who, Action.SEE_CASES)
    rows = session.execute(
        select(SavedFilter, User.name)
        .join(User, User.id == SavedFilter.user_id)
        .where(or_(SavedFilter.user_id == who.user_id, SavedFilter.shared.is_(True)))
        .order_by(SavedFilter.user_id != who.user_id, SavedFilter.name, SavedFilter.id)
    )
    names = HiddenNames(session, who).anywhere
    return [
        FilterRow(
            filter_id=saved_filter.id,
            name=names.hide(saved_filter.name),
            address=names.hide_data(saved_filter.address),
            shared=saved_filter.shared,
            own=saved_filter.user_id == who.user_id,
            owner=owner,
        )
        for saved_filter, owner in rows
        if saved_filter.user_id == who.user_id
        or names.hide_data(saved_filter.address) == saved_filter.address
    ]


def save_filter(
    session: Session,
    *,
    who: Identity,
    name: str,
    address: Mapping[str, str],
    shared: bool,
    now: datetime,
) -> None:
    """Keep a filter; under a name that is taken it replaces the earlier one.

    Raises:
        InvalidInput: it has no name, narrows nothing, or there are too many.
    """
    require(who, Action.SEE_CASES)
    if not name.strip():
        raise InvalidInput("Give the filter a name.")
    if not address:
        raise InvalidInput("Set a filter first.")
    name = masked(name.strip()[:200])
    own = session.scalars(select(SavedFilter).where(SavedFilter.user_id == who.user_id)).all()
    saved_filter = next((row for row in own if row.name == name), None)
    if saved_filter is None:
        if len(own) >= _MOST:
            raise InvalidInput("At most {most} filters are kept.", most=_MOST)
        saved_filter = SavedFilter(user_id=who.user_id, name=name)
        session.add(saved_filter)
    saved_filter.address, saved_filter.shared, saved_filter.saved_at = dict(address), shared, now


def delete_filter(session: Session, *, who: Identity, filter_id: int) -> None:
    """Forget one of the person's own filters.

    Raises:
        NotFound: it is somebody else's, or does not exist.
    """
    saved_filter = session.get(SavedFilter, filter_id)
    if saved_filter is None or saved_filter.user_id != who.user_id:
        subject = ("saved_filter", filter_id)
        raise not_found(
            "This filter is not yours.",
            user_id=who.user_id,
            subject=subject,
            exists=saved_filter is not None,
        )
    session.delete(saved_filter)
