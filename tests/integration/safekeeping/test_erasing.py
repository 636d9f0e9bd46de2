"""Customers and staff are erased wherever they stand, and the figures stay."""

from __future__ import annotations

import pytest

from core.errors import InvalidInput, NotAllowed, NotFound
from db.__main__ import main
from db.appeals.models import Appeal, AppealPoint
from db.inspection.models import CorrectionRequest
from db.people.models import Staff, User
from db.safekeeping import erasure_traces
from db.safekeeping.backups.backup import backup
from db.safekeeping.backups.restore import restore
from db.safekeeping.key_rotation import renew
from db.safekeeping.services.erasure import erase_customer, erase_staff
from db.sign_in.models import LoginSession
from db.store.keys import add_secret
from db.store.session import make_engine
from tests.support.clock import NOW
from tests.support.databases import sqlite_only
from tests.support.importing.files import call
from tests.support.inspection.correcting import asked, requests
from tests.support.safekeeping.nora import CASE, NAME, PHONE, REFERENCE, ROW, STAFF_NAME, STAFF_NO


def test_an_erased_customer_is_nowhere_and_the_figures_stay(nora):
    nora.decided()
    before = nora.world.derived()
    nora.erase(erase_customer, reference=REFERENCE)
    whole, files = nora.everything(), nora.files()
    for value in (PHONE, NAME, REFERENCE, CASE, "nora.wav"):
        assert value not in whole, value
    assert not (nora.settings.var_dir / "recordings/nora.wav").exists()
    assert not (nora.settings.var_dir / "imports/refused-1.csv").exists()
    for value in (PHONE, NAME, REFERENCE, CASE):
        assert value.encode() not in files, value
    assert not nora.found_by("诺拉")
    assert nora.world.derived() == before == nora.world.rebuilt()


@sqlite_only
def test_what_was_erased_does_not_come_back_with_the_next_import(nora):
    nora.erase(erase_customer, reference=REFERENCE)
    counts = nora.load(call(**ROW))
    assert (counts.added, counts.refused) == (0, 1)
    nora.keys = add_secret(nora.settings.var_dir)
    assert nora.load(call(**ROW)).refused == 1, "also after a new key"
    with pytest.raises(NotFound):
        nora.erase(erase_customer, reference=REFERENCE)


def test_an_erased_member_of_staff_is_nowhere_and_the_results_stay(nora):
    with pytest.raises(InvalidInput, match="inactive"):
        nora.erase(erase_staff, staff_no=STAFF_NO)
    with nora.world.seeded.transaction() as session:
        session.get_one(Staff, nora.world.seeded.staff_id).active = False
    nora.decided()
    before = nora.world.derived()
    nora.erase(erase_staff, staff_no=STAFF_NO)
    whole, files = nora.everything(), nora.files()
    for value in (STAFF_NAME, STAFF_NO, '"charlie"', "Charlie"):
        assert value not in whole, value
        assert value.encode() not in files, value
    assert not nora.found_by("Quillfeather")
    assert nora.world.count(LoginSession) == 0
    assert nora.world.derived() == before
    with nora.world.seeded.reading() as session:
        user = session.get_one(User, nora.world.charlie.user_id)
        assert not user.active
        assert user.roles == []
    assert PHONE not in whole


@sqlite_only
def test_an_open_appeal_of_somebody_erased_is_no_longer_to_be_decided(nora):
    with nora.world.seeded.transaction() as session:
        session.get_one(Staff, nora.world.seeded.staff_id).active = False
    nora.erase(erase_staff, staff_no=STAFF_NO)
    assert nora.world.all(Appeal.state, Appeal.ended_at) == [("withdrawn", NOW)]
    assert nora.world.all(AppealPoint.reason) == [("",)]


@sqlite_only
def test_what_an_erased_inspector_asked_for_is_withdrawn_without_the_words(nora):
    """alice's account is made that of the person on the staff list."""
    asked(nora.world, nora.inspection)
    with nora.world.seeded.transaction() as session:
        session.get_one(User, nora.world.alice.user_id).staff_id = nora.world.seeded.staff_id
        session.get_one(Staff, nora.world.seeded.staff_id).active = False
    nora.erase(erase_staff, staff_no=STAFF_NO)
    assert requests(nora.world) == [("withdrawn", "", NOW)]
    assert nora.world.all(CorrectionRequest.words) == [("",)]


@sqlite_only
def test_only_administrators_erase_and_they_say_why(nora):
    with pytest.raises(NotAllowed):
        nora.erase(erase_customer, who=nora.bob, reference=REFERENCE)
    with pytest.raises(InvalidInput):
        nora.erase(erase_customer, reason=" ", reference=REFERENCE)


@sqlite_only
def test_a_restored_backup_is_rid_again_of_who_was_erased_since(nora, databases):
    made = backup(nora.engine, nora.settings, nora.settings.backups, with_key=True)
    nora.erase(erase_customer, reference=REFERENCE)
    url = databases.create()
    again = nora.settings.model_copy(
        update={
            "database_url": url,
            "var_dir": nora.folder / "again",
            "backup_dir": str(nora.settings.backups),
        }
    )
    restore(again, made.folder)
    nora.engine = make_engine(url)
    assert PHONE not in nora.everything()
    assert NAME in nora.everything()
    assert erasure_traces.repeat(nora.engine, again, now=NOW) == 1
    assert NAME not in nora.everything()
    assert erasure_traces.repeat(nora.engine, again, now=NOW) == 0
    nora.engine.dispose()
    databases.drop(url)


@sqlite_only
def test_a_backup_from_before_a_new_key_is_rid_of_who_was_erased_after_it(nora, databases):
    made = backup(nora.engine, nora.settings, nora.settings.backups, with_key=True)
    nora.keys = add_secret(nora.settings.var_dir)
    renew(nora.engine, nora.keys, lambda _count: None)
    nora.erase(erase_customer, reference=REFERENCE)
    url = databases.create()
    places = {"var_dir": nora.folder / "again", "backup_dir": str(nora.settings.backups)}
    again = nora.settings.model_copy(update={"database_url": url, **places})
    restore(again, made.folder)
    nora.engine = make_engine(url)
    assert NAME in nora.everything()
    assert erasure_traces.repeat(nora.engine, again, now=NOW) == 1
    assert NAME not in nora.everything()
    nora.engine.dispose()
    databases.drop(url)


@sqlite_only
def test_the_command_gives_out_and_erases(nora, monkeypatch, capsys, tmp_path):
    monkeypatch.setenv("DATABASE_URL", nora.settings.database_url)
    monkeypatch.setenv("VAR_DIR", str(nora.settings.var_dir))
    target = tmp_path / "nora.json"
    ask = ["person", "export", "customer", REFERENCE, "--reason", "letter of 1 March"]
    assert main([*ask, "--file", str(target)]) == 0
    assert PHONE in target.read_text()
    assert main(["person", "erase", "customer", REFERENCE, "--reason", "letter"]) == 0
    assert "1 encounters" in capsys.readouterr().out
    assert main(["person", "erase", "customer", REFERENCE, "--reason", "letter"]) == 2
    assert main(["rotate-key"]) == 0
    assert main(["remask"]) == 0
