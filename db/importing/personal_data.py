"""What an import does with personal data: masked for everyone, the clear values encrypted aside."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from core.safekeeping.masking import Masked, MaskedSpan, mask_data, mask_turns
from db.encounters.models import ClearSpan
from db.importing.kinds import ImportPlan, ReadableRow
from db.safekeeping.models import Customer, Erasure
from db.store.keys import Keys
from db.store.session import dialect_of, insert_into
from db.tabular.tables import Unfit

ATTRIBUTES = 0
"""The position of a clear span that belongs to no turn."""
ENCOUNTER, PERSON, FILE = "interaction", "staff", "file"
"""What an import must not bring back, as db.safekeeping.models.Erasure names it."""
ERASED = Unfit("It was erased on request and does not come back.")


@dataclass(frozen=True)
class Protector:
    """Masks and encrypts with the portal's keys."""

    keys: Keys

    def attributes(self, item: ReadableRow) -> dict[str, Any]:
        masked, _ = mask_data(item.values["attributes"])
        assert isinstance(masked, dict)
        return masked

    def turn_spans(self, interaction_id: int, turns: Iterable[Masked]) -> list[dict[str, Any]]:
        """Rows of clear_span for the masked turns of an encounter."""
        common_columns = {"interaction_id": interaction_id, "field": ""}
        return [
            common_columns | {"position": position} | self._span(span)
            for position, turn in enumerate(turns, 1)
            for span in turn.spans
        ]

    def attribute_spans(self, interaction_id: int, item: ReadableRow) -> list[dict[str, Any]]:
        """Rows of clear_span for the attributes."""
        common_columns = {"interaction_id": interaction_id, "position": ATTRIBUTES}
        _, data_spans = mask_data(item.values["attributes"])
        return [
            common_columns | {"field": data_span.field} | self._span(data_span.span)
            for data_span in data_spans
        ]

    def pseudonym(self, item: ReadableRow) -> str | None:
        reference = item.values["customer_ref"]
        return self.keys.pseudonym(reference) if reference else None

    def store_customers(self, session: Session, items: Iterable[ReadableRow]) -> None:
        """Keep the clear identifiers, encrypted, of customers that are new."""
        references = {item.values["customer_ref"] for item in items} - {None, ""}
        reference_by_pseudonym = {
            self.keys.pseudonym(reference): reference for reference in references
        }
        query = select(Customer.ref).where(Customer.ref.in_(reference_by_pseudonym))
        missing = reference_by_pseudonym.keys() - set(session.scalars(query))
        if missing:
            session.execute(
                insert_into(Customer, dialect_of(session)).on_conflict_do_nothing(),
                [
                    {"ref": ref, "cipher": self.keys.encrypt(reference_by_pseudonym[ref])}
                    for ref in sorted(missing)
                ],
            )

    def _span(self, span: MaskedSpan) -> dict[str, Any]:
        return {
            "start": span.start,
            "length": span.length,
            "kind": span.kind,
            "cipher": self.keys.encrypt(span.clear),
        }


def masked_turns(item: ReadableRow) -> list[Masked]:
    """The turns of a row, masked as one conversation."""
    return mask_turns([turn.clear_text for turn in item.values["turns"]])


def store_spans(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        session.execute(insert(ClearSpan), rows)


def refuse_erased(
    session: Session, keys: Keys, kind: str, items: Collection[ReadableRow], plan: ImportPlan
) -> list[ReadableRow]:
    """The items nobody had erased; the others are refused."""
    if session.scalar(select(Erasure.id).where(Erasure.kind == kind).limit(1)) is None:
        return list(items)
    item_by_digest = {
        digest: item
        for item in items
        for key in (item.key, *item.other_keys)
        for digest in erased_digests(keys, kind, key)
    }
    erased = select(Erasure.digest).where(Erasure.kind == kind, Erasure.digest.in_(item_by_digest))
    gone = {id(item_by_digest[digest]) for digest in session.scalars(erased)}
    for item in (item for item in items if id(item) in gone):
        plan.refuse(item, ERASED)
    return [item for item in items if id(item) not in gone]


def erased_digests(keys: Keys, kind: str, key: str) -> tuple[str, ...]:
    """The digests that recognise what was erased; nothing can be read from them.

    The first is under today's key, the others are under former keys.
    """
    return keys.digests_ever(f"erased {kind}", key)
