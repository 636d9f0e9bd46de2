"""The demo's warnings: of stations with overdue files, one waits, one is put off, one closed."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.warning.rules import RuleKey
from core.warning.terms import ClosingCause
from db.people.models import User
from db.people.services.identities import identity_of
from db.store.days import portal_day
from db.warning.models import EarlyWarning
from db.warning.services.answering import Closing, close_warning, put_off_warning
from db.warning.services.looking import look_within
from db.warning.services.rules import RuleSetting, set_rule

_DELAY = timedelta(days=7)
_PUT_OFF = "Two more people start next week; looked at again then."
_CLOSED = "Read the file: it waits for a document that the customer sends; he was told so."


def load_warnings(session: Session, *, now: datetime) -> None:
    """A warning of each station with an overdue file, as the demo's limit is none.

    The first waits for somebody, the second is put off, the third closed.
    """
    query = select(User).where(User.username == "quality", User.is_demo)
    quality = identity_of(session, session.scalars(query).one())
    limit = RuleSetting(is_on=True, limit=0, owner_id=None)
    set_rule(session, who=quality, rule=RuleKey.OVERDUE_FILES, setting=limit, now=now)
    look_within(session, now=now)
    raised = select(EarlyWarning.id).where(EarlyWarning.rule == RuleKey.OVERDUE_FILES.value)
    _waiting, *others = session.scalars(raised.order_by(EarlyWarning.id)).all() or [0]
    if others:
        until = portal_day(session, now) + _DELAY
        put_off_warning(
            session, who=quality, warning_id=others[0], until=until, reason=_PUT_OFF, now=now
        )
    if len(others) > 1:
        closing = Closing(ClosingCause.NOTHING_TO_DO, _CLOSED)
        close_warning(session, who=quality, warning_id=others[1], closing=closing, now=now)
