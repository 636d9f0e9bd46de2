"""A new secret: everything encrypted or made a pseudonym with an older one is made anew.

The old secrets stay in the file, because seals of the audit log are proven with them. It may be
cut off at any time and begun again: what is done already stays as it is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, delete, select, update
from sqlalchemy.orm import Session

from db.encounters.models import ClearSpan, Interaction
from db.files.models import File
from db.safekeeping.models import Customer
from db.sign_in.models import Authenticator
from db.store.keys import Keys, KeyUnusable
from db.store.models import Meta
from db.store.session import dialect_of, insert_into, reading, transaction

_AT_ONCE = 1_000
_IN_FORM = "customer_references_in_form"
_ENCRYPTED: tuple[tuple[str, Any, Any], ...] = (
    ("spans", ClearSpan.cipher, ClearSpan.id),
    ("customers", Customer.cipher, Customer.ref),
    ("factors", Authenticator.secret, Authenticator.user_id),
)


@dataclass(frozen=True)
class Renewed:
    """How many clear values were encrypted anew, and how many customers have a new pseudonym."""

    spans: int
    customers: int


def check_all_open(engine: Engine, keys: Keys, file: Path) -> None:
    """Look at everything encrypted, so that no change of key is begun that cannot be finished.

    Raises:
        KeyUnusable: some of it was encrypted with a key that the file does not hold.
    """
    closed: Counter[str] = Counter()
    for name, column, of in _ENCRYPTED:
        for rows in _rows(engine, column, of):
            closed[name] += sum(not keys.opens(cipher) for _, cipher in rows)
    if closed.total():
        raise KeyUnusable(
            "Nothing was changed: {spans} hidden values, {customers} customers and {factors} second"
            " factors were encrypted with a key that {file} does not hold. Where that key still"
            " exists, put its line at the end of this file and try again.",
            spans=closed["spans"],
            customers=closed["customers"],
            factors=closed["factors"],
            file=file.absolute(),
        )


def renew(engine: Engine, keys: Keys, progress: Callable[[int], None]) -> Renewed:
    """Bring everything that stands encrypted under today's secret."""
    spans = 0
    for ids in _chunks(engine):
        with transaction(engine) as session:
            _renew_spans(session, keys, ids)
        spans += len(ids)
        progress(spans)
    with transaction(engine) as session:
        for row in session.scalars(select(Authenticator)):
            row.secret = keys.encrypt(keys.decrypt(row.secret))
    return Renewed(spans=spans, customers=renew_customers(engine, keys))


def _rows(engine: Engine, column: Any, of: Any) -> Iterator[list[tuple[Any, bytes]]]:  # noqa: ANN401  columns
    """A column and an encrypted one, some rows at a time, in the order of the first."""
    after = None
    while True:
        query = select(of, column).order_by(of).limit(_AT_ONCE)
        with reading(engine) as session:
            rows = session.execute(query if after is None else query.where(of > after)).all()
        if not rows:
            return
        yield [(row[0], row[1]) for row in rows]
        after = rows[-1][0]


def _chunks(engine: Engine) -> Iterator[list[int]]:
    last = 0
    while True:
        with reading(engine) as session:
            ids = list(
                session.scalars(
                    select(ClearSpan.id)
                    .where(ClearSpan.id > last)
                    .order_by(ClearSpan.id)
                    .limit(_AT_ONCE)
                )
            )
        if not ids:
            return
        yield ids
        last = ids[-1]


def _renew_spans(session: Session, keys: Keys, ids: list[int]) -> None:
    rows = session.execute(select(ClearSpan.id, ClearSpan.cipher).where(ClearSpan.id.in_(ids)))
    changed = [{"id": key, "cipher": keys.encrypt(keys.decrypt(cipher))} for key, cipher in rows]
    session.execute(update(ClearSpan), changed)


def renew_customers(engine: Engine, keys: Keys) -> int:
    """Give customers today's pseudonym wherever they are named; how many had another one.

    Those whose clear reference no key opens stay as they are.
    """
    renewed = 0
    for rows in _rows(engine, Customer.cipher, Customer.ref):
        opened = [(ref, keys.decrypt(cipher)) for ref, cipher in rows if keys.opens(cipher)]
        former = [(ref, clear) for ref, clear in opened if ref != keys.pseudonym(clear)]
        if former:
            with transaction(engine) as session:
                for ref, clear in former:
                    _rename(session, keys, ref, clear)
        renewed += len(former)
    return renewed


def _rename(session: Session, keys: Keys, former: str, reference: str) -> None:
    """Another process may be at the same; both end in the same."""
    fresh = keys.pseudonym(reference)
    for model in (Interaction, File):
        of_former = model.customer_ref == former
        session.execute(update(model).where(of_former).values(customer_ref=fresh))
    session.execute(delete(Customer).where(Customer.ref == former))
    insert = insert_into(Customer, dialect_of(session)).on_conflict_do_nothing()
    session.execute(insert, {"ref": fresh, "cipher": keys.encrypt(reference)})


def bring_into_form(engine: Engine, keys: Keys) -> None:
    """Make one customer of those whose references differ in nothing but how they are written.

    References had no form once. Only with the key can it be seen that two pseudonyms are of one
    reference, so no revision of the database can do it. It may be cut off at any time and begins
    again at the next start; once done, it is remembered and costs one query.
    """
    with reading(engine) as session:
        if session.scalar(select(Meta.id).where(Meta.key == _IN_FORM)):
            return
    renewed = renew_customers(engine, keys)
    with transaction(engine) as session:
        insert = insert_into(Meta, dialect_of(session)).on_conflict_do_nothing()
        session.execute(insert, {"key": _IN_FORM, "value": str(renewed)})
