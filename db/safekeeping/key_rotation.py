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

from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from db.encounters.models import ClearSpan, Interaction
from db.safekeeping.models import Customer
from db.sign_in.models import Authenticator
from db.store.keys import Keys, KeyUnusable
from db.store.session import reading, transaction

_AT_ONCE = 1_000
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
        for chunk in _ciphers(engine, column, of):
            closed[name] += sum(not keys.opens(cipher) for cipher in chunk)
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
    customers = 0
    while count := _renew_customers(engine, keys):
        customers += count
    return Renewed(spans=spans, customers=customers)


def _ciphers(engine: Engine, column: Any, of: Any) -> Iterator[list[bytes]]:  # noqa: ANN401  columns
    """Everything in an encrypted column, some rows at a time, in the order of another column."""
    after = None
    while True:
        query = select(of, column).order_by(of).limit(_AT_ONCE)
        with reading(engine) as session:
            rows = session.execute(query if after is None else query.where(of > after)).all()
        if not rows:
            return
        yield [row[1] for row in rows]
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


def _renew_customers(engine: Engine, keys: Keys) -> int:
    """Some customers with a former pseudonym; it changes wherever it is used."""
    with transaction(engine) as session:
        changed = 0
        for customer in session.scalars(select(Customer)):
            reference = keys.decrypt(customer.cipher)
            fresh = keys.pseudonym(reference)
            if fresh == customer.ref:
                continue
            session.execute(
                update(Interaction)
                .where(Interaction.customer_ref == customer.ref)
                .values(customer_ref=fresh)
            )
            session.delete(customer)
            session.merge(Customer(ref=fresh, cipher=keys.encrypt(reference)))
            changed += 1
            if changed == _AT_ONCE:
                break
    return changed
