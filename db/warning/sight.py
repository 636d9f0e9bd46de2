"""Which warnings a person sees."""

from __future__ import annotations

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from core.access import (
    PERMISSIONS,
    Action,
    Identity,
    Role,
    Scope,
    can,
    is_own_team,
    visible_stations,
)
from core.errors import not_found
from core.warning.rules import RULES, RuleKey
from core.warning.states import WARNING
from db.warning.models import EarlyWarning


def seen(who: Identity) -> list[ColumnElement[bool]]:
    """The conditions that keep a query to the warnings a person sees.

    Those of the stations one answers for; of files only where one reads the files of stations.

    Raises:
        NotAllowed: the role has no part in warnings.
    """
    stations = visible_stations(who, Action.SEE_WARNINGS)
    conditions: list[ColumnElement[bool]] = [EarlyWarning.rule.in_(rules_seen(who))]
    if stations is not None:
        conditions.append(EarlyWarning.station_id.in_(stations))
    return conditions


def rules_seen(who: Identity) -> list[RuleKey]:
    """The rules whose warnings a person sees, at whichever stations."""
    reads_files = can(who, Action.READ_FILES)
    return [key for key, rule in RULES.items() if reads_files or not rule.is_of_files]


def may_own(role: Role, rule: RuleKey) -> bool:
    """Whether accounts with a role see and answer the warnings of a rule at every station."""
    table = PERMISSIONS[role]
    answers = table.get(Action.ANSWER_WARNINGS) is Scope.ALL
    return answers and (Action.READ_FILES in table or not RULES[rule].is_of_files)


def visible(
    session: Session, who: Identity, warning_id: int, *, is_held: bool = False
) -> EarlyWarning:
    """A warning that the person sees; `is_held` until the transaction ends.

    Raises:
        NotFound: there is none, or the person does not see it.
        NotAllowed: the role has no part in warnings.
    """
    query = select(EarlyWarning).where(*seen(who), EarlyWarning.id == warning_id)
    if is_held:
        query = query.with_for_update().execution_options(populate_existing=True)
    row = session.scalars(query).one_or_none()
    if row is None:
        raise not_found(
            "This warning does not exist.",
            user_id=who.user_id,
            subject=(WARNING.kind, warning_id),
            exists=session.get(EarlyWarning, warning_id) is not None,
        )
    return row


def may_close(who: Identity, row: EarlyWarning) -> bool:
    """Whether it is not about what the person's own station answers for."""
    if not can(who, Action.ANSWER_WARNINGS):
        return False
    own = row.station_id in (who.station_ids or ()) or is_own_team(who, row.station_id)
    return not (own and RULES[RuleKey(row.rule)].is_of_accountability)
