"""What is stored encrypted, and that a new key reads it and the old one no longer."""

from __future__ import annotations

import shutil

import pytest
from sqlalchemy import select, update

from db.encounters.models import ClearSpan, Interaction
from db.safekeeping import key_rotation
from db.safekeeping.backups.backup import backup
from db.safekeeping.database_key import begin_change
from db.safekeeping.key_rotation import renew
from db.safekeeping.models import Customer
from db.store import claims
from db.store.keys import Keys, add_secret, key_file, load_keys
from db.store.session import make_engine, reading, transaction
from tests.support.clock import NOW
from tests.support.importing.files import call
from tests.support.safekeeping.nora import PHONE, REFERENCE, ROW
from tests.support.safekeeping.stored_keys import everything, stored


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


def test_what_another_key_encrypted_stops_a_change_before_it_begins(keyed, command):
    """The last of many values; with its key at the end of the file the change goes."""
    with transaction(keyed.engine) as session:
        last = session.scalars(select(ClearSpan.id).order_by(ClearSpan.id.desc()).limit(1)).one()
        change = update(ClearSpan).where(ClearSpan.id == last)
        session.execute(change.values(cipher=FOREIGN.encrypt("13900000000")))
    file = key_file(keyed.settings.var_dir)
    before = file.read_text()
    for _again in range(2):
        status, told = command(keyed.settings.var_dir, "rotate-key")
        assert status == 2
        assert told.startswith("Nothing was changed: 1 hidden values, 0 customers and 0 second")
        assert file.read_text() == before
    file.write_text(f"{before}{FOREIGN.secret.hex()}\n")
    assert command(keyed.settings.var_dir, "rotate-key") == (0, "")
    assert len(file.read_text().split()) == 3
    only_fresh = Keys(bytes.fromhex(file.read_text().split()[0]))
    with reading(keyed.engine) as session:
        ciphers = session.scalars(select(ClearSpan.cipher)).all()
        assert {only_fresh.decrypt(cipher) for cipher in ciphers} >= {"13900000000"}


def test_a_change_waits_until_no_portal_lives(keyed, command):
    file = key_file(keyed.settings.var_dir)
    before = file.read_text()
    with transaction(keyed.engine) as session:
        claims.take_lease(
            session, claims.WORKER, holder="x", now=NOW.replace(year=2999), lasting=claims.KEPT
        )
    status, told = command(keyed.settings.var_dir, "rotate-key")
    assert (status, "stop it first" in told, file.read_text()) == (2, True, before)


def cut_off(keyed):
    """A change of key that ends after the first values."""

    def stop(_count):
        raise KeyboardInterrupt

    keys = begin_change(keyed.engine, keyed.settings.var_dir)
    with pytest.raises(KeyboardInterrupt):
        key_rotation.renew(keyed.engine, keys, stop)
    return keys


def test_a_changed_key_is_the_databases(keyed, command, tmp_path):
    former = shutil.copytree(keyed.settings.var_dir / "keys", tmp_path / "former" / "keys").parent
    assert command(keyed.settings.var_dir, "rotate-key") == (0, "")
    fresh = load_keys(keyed.settings.var_dir)
    assert fresh.ids_ever == (fresh.id, keyed.keys.id)
    assert stored(keyed.engine) == (fresh.id, None)
    assert command(keyed.settings.var_dir, "retain")[0] == 0
    status, told = command(former, "retain")
    assert (status, f"is {keyed.keys.id}, but" in told, f"key {fresh.id}:" in told) == (
        2,
        True,
        True,
    )


def test_until_a_change_that_was_cut_off_is_finished_nothing_else_starts(keyed, command, tmp_path):
    """Neither with the new secret nor with a copy of the folder from before."""
    former = shutil.copytree(keyed.settings.var_dir / "keys", tmp_path / "former" / "keys").parent
    fresh = cut_off(keyed)
    assert stored(keyed.engine) == (keyed.keys.id, fresh.id)
    before = everything(keyed.engine)
    for name in ("retain", "rotate-key", "backup", "verify-audit", "worker"):
        status, told = command(keyed.settings.var_dir, name)
        assert (status, "python -m db rotate-key --go-on" in told) == (2, True)
        assert (keyed.keys.id in told, fresh.id in told) == (True, True)
        assert f"is {keyed.keys.id}, but the database is written" in command(former, name)[1]
    assert command(former, "rotate-key", "--go-on")[0] == 2
    assert everything(keyed.engine) == before
    assert load_keys(keyed.settings.var_dir) == fresh
    assert command(keyed.settings.var_dir, "rotate-key", "--go-on") == (0, "")
    assert stored(keyed.engine) == (fresh.id, None)
    assert command(keyed.settings.var_dir, "rebuild")[0] == 0
    only_fresh = Keys(fresh.secret)
    with reading(keyed.engine) as session:
        spans = session.scalars(select(ClearSpan.cipher)).all()
        assert spans
        assert all(map(only_fresh.opens, spans))
        assert set(session.scalars(select(Customer.ref))) == {only_fresh.pseudonym(REFERENCE)}


def test_a_change_that_was_cut_off_before_the_database_knew_is_finished(keyed, command):
    """The secret is in the file, and nothing is under it yet."""
    fresh = add_secret(keyed.settings.var_dir)
    status, told = command(keyed.settings.var_dir, "retain")
    assert (status, "rotate-key --go-on" in told) == (2, True)
    assert command(keyed.settings.var_dir, "rotate-key", "--go-on")[0] == 0
    assert stored(keyed.engine) == (fresh.id, None)


def test_going_on_without_a_change_does_and_claims_nothing(keyed, command):
    """As after one that was killed before its secret stood in the file."""
    (keyed.settings.var_dir / "keys" / "portal.part").write_text("12")
    before = everything(keyed.engine)
    assert command(keyed.settings.var_dir, "rotate-key", "--go-on") == (0, "")
    assert everything(keyed.engine) == before
    assert stored(keyed.engine) == (keyed.keys.id, None)
    assert load_keys(keyed.settings.var_dir) == keyed.keys


def test_a_change_begins_only_with_the_right_key(keyed, command, tmp_path):
    wrong = load_keys(tmp_path / "wrong")
    assert command(tmp_path / "wrong", "rotate-key")[0] == 2
    assert load_keys(tmp_path / "wrong") == wrong


def test_a_backup_brings_its_key_back_with_it(keyed, command, databases, tmp_path, monkeypatch):
    """Saved before a change of key: today's file opens it once the change is made there too."""
    made = backup(keyed.engine, keyed.settings, tmp_path / "backups")
    assert made.manifest.key_id == keyed.keys.id
    assert command(keyed.settings.var_dir, "rotate-key")[0] == 0
    fresh = load_keys(keyed.settings.var_dir)
    url = databases.create()
    monkeypatch.setenv("DATABASE_URL", url)
    shutil.copytree(keyed.settings.var_dir / "keys", tmp_path / "new" / "keys")
    assert "is not the key" in command(tmp_path / "new", "restore", str(made.folder))[1]
    copy = make_engine(url)
    assert stored(copy) == (keyed.keys.id, None)
    assert "rotate-key --go-on" in command(tmp_path / "new", "retain")[1]
    assert command(tmp_path / "new", "rotate-key", "--go-on")[0] == 0
    assert stored(copy) == (fresh.id, None)
    copy.dispose()
    databases.drop(url)
