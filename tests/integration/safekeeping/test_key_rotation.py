"""What is stored encrypted, and that a new key reads it and the old one no longer."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from db.__main__ import main
from db.encounters.models import ClearSpan, Interaction
from db.safekeeping.key_rotation import renew
from db.safekeeping.models import Customer
from db.store import claims
from db.store.keys import Keys, add_secret, key_file
from db.store.session import reading, transaction
from tests.support.clock import NOW
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


FOREIGN = Keys(b"another portal's secret, 32 bytes")


@pytest.fixture
def command(nora, monkeypatch, capsys):
    """Runs a command; gives its exit status and what it says on standard error."""
    url = nora.engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("VAR_DIR", str(nora.settings.var_dir))

    def run(*arguments):
        status = main(list(arguments))
        return status, capsys.readouterr().err

    return run


def test_what_another_key_encrypted_stops_a_change_before_it_begins(nora, command):
    """The last of many values; with its key at the end of the file the change goes."""
    with transaction(nora.engine) as session:
        last = session.scalars(select(ClearSpan.id).order_by(ClearSpan.id.desc()).limit(1)).one()
        change = update(ClearSpan).where(ClearSpan.id == last)
        session.execute(change.values(cipher=FOREIGN.encrypt("13900000000")))
    file = key_file(nora.settings.var_dir)
    before = file.read_text()
    for _again in range(2):
        status, told = command("rotate-key")
        assert status == 2
        assert told.startswith("Nothing was changed: 1 hidden values, 0 customers and 0 second")
        assert file.read_text() == before
    file.write_text(f"{before}{FOREIGN.secret.hex()}\n")
    assert command("rotate-key") == (0, "")
    assert len(file.read_text().split()) == 3
    only_fresh = Keys(bytes.fromhex(file.read_text().split()[0]))
    with reading(nora.engine) as session:
        ciphers = session.scalars(select(ClearSpan.cipher)).all()
        assert {only_fresh.decrypt(cipher) for cipher in ciphers} >= {"13900000000"}


def test_a_change_waits_until_no_portal_lives(nora, command):
    file = key_file(nora.settings.var_dir)
    before = file.read_text()
    with transaction(nora.engine) as session:
        claims.take_lease(
            session, claims.WORKER, holder="x", now=NOW.replace(year=2999), lasting=claims.KEPT
        )
    status, told = command("rotate-key")
    assert (status, "stop it first" in told, file.read_text()) == (2, True, before)
