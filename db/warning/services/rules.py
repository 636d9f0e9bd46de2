"""Setting the rules: on or off, the limit, who gets its warnings at first."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from core.access import Action, Identity, Role, require
from core.errors import InvalidInput
from core.warning.rules import RULES, RuleKey
from db.people.models import User
from db.store import audit
from db.warning.rule_settings import held_rules
from db.warning.sight import may_own

KIND = "warning_rule"


class RuleSetting(NamedTuple):
    """How a rule is to be; a limit only where it has one, an owner only where it is one person."""

    is_on: bool
    limit: int | None
    owner_id: int | None


def set_rule(
    session: Session, *, who: Identity, rule: RuleKey, setting: RuleSetting, now: datetime
) -> None:
    """Set a rule; what holds already changes nothing.

    Switched off it looks no more; its warnings stay.

    Raises:
        InvalidInput: a limit that means nothing, or an owner who has no access to every station.
    """
    require(who, Action.SET_WARNINGS)
    row = held_rules(session)[rule]
    RULES[rule].check_limit(setting.limit)
    before = RuleSetting(is_on=row.is_on, limit=row.threshold, owner_id=row.owner_id)
    if setting == before:
        return
    if setting.owner_id is not None and setting.owner_id != row.owner_id:
        _check_owner(session, rule, setting.owner_id)
    row.is_on, row.threshold, row.owner_id = setting
    details: dict[str, Any] = {"before": before._asdict(), "after": setting._asdict()}
    audit.record(session, who, "set_warning_rule", (KIND, rule.value), now=now, **details)


def _check_owner(session: Session, rule: RuleKey, owner_id: int) -> None:
    user = session.get(User, owner_id)
    roles = [Role(held.role) for held in user.roles] if user is not None and user.active else []
    if not any(may_own(role, rule) for role in roles):
        raise InvalidInput("This account does not answer the warnings of every station.")
