"""How the rules are set: as a quality manager said, or as they are from the start."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.warning.rules import RULES, RuleKey
from db.store.session import dialect_of, insert_into
from db.warning.models import WarningRule


@dataclass(frozen=True)
class RuleSet:
    """A rule as it is set, and what it last looked at.

    Attributes:
        limit: None where the rule has none.
        looked_on: the newest window it looked at, None before the first time; `cells` of how many
            cells there was enough of to compare that window.
    """

    key: RuleKey
    is_on: bool
    limit: int | None
    owner_id: int | None
    looked_at: datetime | None
    looked_on: date | None
    cells: int


def rules_set(session: Session) -> tuple[RuleSet, ...]:
    """Every rule, in the order in which they are shown."""
    rows = {row.rule: row for row in session.scalars(select(WarningRule))}
    return tuple(_rule_set(key, rows.get(key.value)) for key in RULES)


def _rule_set(key: RuleKey, row: WarningRule | None) -> RuleSet:
    if row is None:
        return RuleSet(
            key=key,
            is_on=True,
            limit=RULES[key].usual_limit,
            owner_id=None,
            looked_at=None,
            looked_on=None,
            cells=0,
        )
    return RuleSet(
        key=key,
        is_on=row.is_on,
        limit=row.threshold,
        owner_id=row.owner_id,
        looked_at=row.looked_at,
        looked_on=row.looked_on,
        cells=row.cells,
    )


def held_rules(session: Session) -> dict[RuleKey, WarningRule]:
    """The row of every rule, made where there is none, and held until the transaction ends.

    Whoever looks for warnings or changes a rule holds them: two at one moment do so one after the
    other.
    """
    usual = [
        {"rule": key.value, "is_on": True, "threshold": rule.usual_limit, "cells": 0}
        for key, rule in RULES.items()
    ]
    new = insert_into(WarningRule, dialect_of(session)).values(usual).on_conflict_do_nothing()
    session.execute(new)
    query = select(WarningRule).order_by(WarningRule.rule).with_for_update()
    rows = session.scalars(query.execution_options(populate_existing=True))
    return {RuleKey(row.rule): row for row in rows if row.rule in set(RuleKey)}
