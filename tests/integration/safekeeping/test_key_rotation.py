"""What is stored encrypted, and that a new key reads it and the old one no longer."""

from __future__ import annotations

from sqlalchemy import select

from db.encounters.models import ClearSpan, Interaction
from db.safekeeping.key_rotation import renew
from db.safekeeping.models import Customer
from db.store.keys import add_secret
from tests.support.importing.files import call
from tests.support.safekeeping.nora import PHONE, REFERENCE, ROW


def test_the_customers_reference_is_encrypted_beside_the_pseudonym(nora):
    (row,) = nora.world.all(Customer.ref, Customer.cipher)
    assert row.ref == nora.keys.pseudonym(REFERENCE)
    assert nora.keys.decrypt(row.cipher) == REFERENCE
    assert REFERENCE not in nora.everything()


def test_a_new_key_encrypts_everything_anew_and_the_old_one_reads_nothing(nora):
    fresh = add_secret(nora.settings.var_dir)
    with nora.world.seeded.reading() as session:
        before = session.scalars(select(ClearSpan.cipher)).all()
    done = renew(nora.engine, fresh, lambda _count: None)
    assert (done.spans, done.customers) == (len(before), 1)
    only_fresh = type(fresh)(fresh.secret)
    with nora.world.seeded.reading() as session:
        texts = {only_fresh.decrypt(row) for row in session.scalars(select(ClearSpan.cipher))}
        refs = set(session.scalars(select(Interaction.customer_ref))) - {None}
    assert PHONE in texts
    assert refs == {only_fresh.pseudonym(REFERENCE)}
    assert renew(nora.engine, fresh, lambda _count: None).customers == 0
    nora.keys = fresh
    assert nora.load(call(**ROW)).refused == 0
