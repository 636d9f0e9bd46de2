"""What an import does with personal data: masked for everyone, the clear values encrypted aside."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from core.safekeeping.masking import Span, mask, mask_data
from db.encounters.models import ClearSpan
from db.importing.kinds import Item, Plan
from db.safekeeping.models import Customer, Erasure
from db.store.keys import Keys
from db.store.session import dialect_of, insert_into
from db.tabular.tables import Unfit

ATTRIBUTES = 0
"""The position of a clear span that belongs to no turn."""
ENCOUNTER, PERSON = "interaction", "staff"
"""What an import must not bring back, as db.safekeeping.models.Erasure names it."""
ERASED = Unfit("It was erased on request and does not come back.")


@dataclass(frozen=True)
class Protector:
    """Masks and encrypts with the portal's keys."""

    keys: Keys

    def attributes(self, item: Item) -> dict[str, Any]:
        masked, _ = mask_data(item.values["attributes"])
        assert isinstance(masked, dict)
        return masked

    def turn_spans(self, interaction_id: int, item: Item) -> list[dict[str, Any]]:
        """Rows of clear_span for each turn."""
        place = {"interaction_id": interaction_id, "field": ""}
        return [
            place | {"position": position} | self._span(span)
            for position, turn in enumerate(item.values["turns"], 1)
            for span in mask(turn.clear_text).spans
        ]

    def attribute_spans(self, interaction_id: int, item: Item) -> list[dict[str, Any]]:
        """Rows of clear_span for the attributes."""
        place = {"interaction_id": interaction_id, "position": ATTRIBUTES}
        _, found = mask_data(item.values["attributes"])
        return [place | {"field": each.field} | self._span(each.span) for each in found]

    def pseudonym(self, item: Item) -> str | None:
        reference = item.values["customer_ref"]
        return self.keys.pseudonym(reference) if reference else None

    def store_customers(self, session: Session, items: Iterable[Item]) -> None:
        """Keep the clear identifiers, encrypted, of customers that are new."""
        given = {item.values["customer_ref"] for item in items} - {None, ""}
        wanted = {self.keys.pseudonym(reference): reference for reference in given}
        known = select(Customer.ref).where(Customer.ref.in_(wanted))
        missing = wanted.keys() - set(session.scalars(known))
        if missing:
            session.execute(
                insert_into(Customer, dialect_of(session)).on_conflict_do_nothing(),
                [{"ref": ref, "cipher": self.keys.encrypt(wanted[ref])} for ref in sorted(missing)],
            )

    def _span(self, span: Span) -> dict[str, Any]:
        return {
            "start": span.start,
            "length": span.length,
            "kind": span.kind,
            "cipher": self.keys.encrypt(span.clear),
        }


def store_spans(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        session.execute(insert(ClearSpan), rows)


def refuse_erased(
    session: Session, keys: Keys, kind: str, items: Collection[Item], plan: Plan
) -> list[Item]:
    """The items nobody had erased; the others are refused."""
    if session.scalar(select(Erasure.id).where(Erasure.kind == kind).limit(1)) is None:
        return list(items)
    known = {digest: item for item in items for digest in erased_digests(keys, kind, item.key)}
    erased = select(Erasure.digest).where(Erasure.kind == kind, Erasure.digest.in_(known))
    gone = {id(known[digest]) for digest in session.scalars(erased)}
    for item in (item for item in items if id(item) in gone):
        plan.refuse(item, ERASED)
    return [item for item in items if id(item) not in gone]


def erased_digests(keys: Keys, kind: str, key: str) -> tuple[str, ...]:
    """What is remembered of an erased thing, enough to know it again and nothing to read.

    The first is today's; the others are what it was remembered by under former keys.
    """
    return keys.digests_ever(f"erased {kind}", key)
