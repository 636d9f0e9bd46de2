"""The rules as they are set, and whom their warnings can be given to at first."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access import Action, Identity, Role, require
from core.warning.rules import RuleKey
from db.people.models import User, UserRole
from db.people.queries.shown_texts import known_by_name
from db.warning.rule_settings import RuleSet, rules_set
from db.warning.sight import may_own, rules_seen, seen


class RuleOwner(NamedTuple):
    user_id: int
    name: str


def rules_looked(session: Session, who: Identity) -> tuple[RuleSet, ...]:
    """The rules whose warnings the person sees, with what they last looked at.

    Raises:
        NotAllowed: the role has no part in warnings.
    """
    seen(who)
    return tuple(rule for rule in rules_set(session) if rule.key in rules_seen(who))


def possible_rule_owners(session: Session, who: Identity, rule: RuleKey) -> list[RuleOwner]:
    """By name the accounts at work that answer the rule's warnings at every station.

    Raises:
        NotAllowed: the role sets no rules.
    """
    require(who, Action.SET_WARNINGS)
    query = (
        select(User.id, User.name, UserRole.role)
        .join(UserRole, UserRole.user_id == User.id)
        .where(User.active, known_by_name(who))
        .order_by(User.name, User.id)
    )
    names = {key: name for key, name, role in session.execute(query) if may_own(Role(role), rule)}
    return [RuleOwner(user_id=key, name=name) for key, name in names.items()]
