"""What an import does with personal data: masked for everyone, the clear values encrypted aside."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from core.encounters.prepared_texts import ClearTexts, Prepared, prepared
from core.safekeeping.masking import Masked, MaskedSpan
from db.encounters.models import ClearSpan
from db.importing.kinds import ImportPlan, ReadableRow
from db.safekeeping.models import Customer, Erasure
from db.store.base import table_of
from db.store.keys import Keys
from db.store.session import dialect_of, insert_into
from db.tabular.tables import Unfit

_PREPARED, _SEALED, _CUSTOMER = "prepared", "sealed", "customer"
ATTRIBUTES = 0
"""The position of a clear span that belongs to no turn."""
ENCOUNTER, PERSON, FILE = "interaction", "staff", "file"
"""What an import must not bring back, as db.safekeeping.models.Erasure names it."""
ERASED = Unfit("It was erased on request and does not come back.")


@dataclass(frozen=True)
class Sealed:
    """Rows of clear_span but for their encounter: the clear stretches of a row, encrypted."""

    turns: list[dict[str, Any]]
    attributes: list[dict[str, Any]]


@dataclass(frozen=True)
class Protector:
    """Masks and encrypts with the portal's keys."""

    keys: Keys

    def sealed(self, item: ReadableRow) -> Sealed:
        """What the texts of a row hide; encrypted once."""
        if _SEALED not in item.values:
            ready = prepared_texts(item)
            turns = [
                {"position": position, "field": ""} | self._span(span)
                for position, turn in enumerate(ready.turns, 1)
                for span in turn.spans
            ]
            attributes = [
                {"position": ATTRIBUTES, "field": placed.field} | self._span(placed.span)
                for placed in ready.attribute_spans
            ]
            item.values[_SEALED] = Sealed(turns, attributes)
        sealed: Sealed = item.values[_SEALED]
        return sealed

    def pseudonym(self, item: ReadableRow) -> str | None:
        """The customer's; found once."""
        if _CUSTOMER not in item.values:
            reference = item.values["customer_ref"]
            item.values[_CUSTOMER] = self.keys.pseudonym(reference) if reference else None
        pseudonym: str | None = item.values[_CUSTOMER]
        return pseudonym

    def store_customers(self, session: Session, items: Iterable[ReadableRow]) -> None:
        """Keep the clear identifiers, encrypted, of customers that are new."""
        references = {
            ref: item.values["customer_ref"] for item in items if (ref := self.pseudonym(item))
        }
        if not references:
            return
        query = select(Customer.ref).where(Customer.ref.in_(references))
        missing = references.keys() - set(session.scalars(query))
        if missing:
            session.execute(
                insert_into(Customer, dialect_of(session)).on_conflict_do_nothing(),
                [
                    {"ref": ref, "cipher": self.keys.encrypt(references[ref])}
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


def clear_texts(item: ReadableRow) -> ClearTexts:
    turns = [turn.clear_text for turn in item.values["turns"]]
    return ClearTexts(turns, item.values["attributes"])


def prepared_texts(item: ReadableRow) -> Prepared:
    """The texts of a row, masked, with their terms; made ready once."""
    if _PREPARED not in item.values:
        note_prepared(item, prepared(clear_texts(item)))
    ready: Prepared = item.values[_PREPARED]
    return ready


def is_prepared(item: ReadableRow) -> bool:
    return _PREPARED in item.values


def note_prepared(item: ReadableRow, ready: Prepared) -> None:
    item.values[_PREPARED] = ready


def masked_turns(item: ReadableRow) -> list[Masked]:
    return prepared_texts(item).turns


def store_spans(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        session.execute(insert(table_of(ClearSpan)), rows)


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
