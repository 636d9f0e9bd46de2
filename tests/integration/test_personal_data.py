"""Personal data from import to erasure, on both databases."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import inspect, select, text

from core.errors import InvalidInput, NotAllowed, NotFound
from core.settings import Settings
from core.textfold import words_of
from db import search_index
from db.__main__ import main
from db.backups.backup import backup
from db.backups.restore import restore
from db.importing.run import Order, run_import
from db.keys import add_secret, load_keys
from db.models import (
    Appeal,
    AppealPoint,
    AuditEvent,
    ChecklistVersion,
    ClearSpan,
    Customer,
    Inspection,
    Interaction,
    LoginSession,
    Staff,
    Turn,
    User,
)
from db.safekeeping import traces
from db.safekeeping.key_rotation import renew
from db.safekeeping.remasking import remask
from db.services.amendments import amend
from db.services.appeal_decisions import decide_appeal
from db.services.appeals import raise_appeal
from db.services.disclosing import disclose_customer, disclose_staff, unmasked
from db.services.drafts import Work
from db.services.erasing import erase_customer, erase_staff
from db.services.inspections import acknowledge, submit
from db.services.standards import digest
from db.services.unmasking import clear_values, unmask
from db.session import make_engine
from tests.factories import make_assignment
from tests.support.clock import NOW
from tests.support.importing import call, jsonl
from tests.support.inspecting import answers
from tests.support.sessions import session_token

PHONE, NAME, REFERENCE, CASE = "13812345678", "司徒诺拉", "CUST-77-XYZ", "call-of-nora"
sqlite_only = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
STAFF_NAME, STAFF_NO = "Charlotte Quillfeather", "S-QUILL"
TURNS = [
    {"speaker": "customer", "text": f"我是{NAME}，电话{PHONE}"},
    {"speaker": "agent", "text": f"诺拉您好，我是{STAFF_NAME}，号码{PHONE}对吗"},
]
ROW = {
    "external_id": CASE,
    "customer_ref": REFERENCE,
    "station_code": "TPE-PHONE",
    "staff_no": STAFF_NO,
    "recording": "nora.wav",
    "turns": TURNS,
    "attributes": {"passenger": {"mobile": PHONE, "seat": "12A"}, "tags": ["vip"]},
}


@pytest.fixture
def nora(world, tmp_path):
    return PortalWithNora(world, tmp_path)


class PortalWithNora:
    """One imported call of Nora's, inspected, with notes and files that name her."""

    def __init__(self, world, tmp_path):
        self.world, self.engine = world, world.seeded.engine
        self.admin, self.bob = world.seeded.administrator, world.bob
        self.folder = tmp_path
        url = self.engine.url.render_as_string(hide_password=False)
        self.settings = Settings(database_url=url, var_dir=tmp_path / "var")
        self.keys = load_keys(self.settings.var_dir)
        with world.seeded.transaction() as session:
            charlie = session.get_one(Staff, world.seeded.staff_id)
            charlie.name, charlie.staff_no = STAFF_NAME, STAFF_NO
            session_token(session, "charlie", now=NOW)
            world.version_id = with_free_text(session, world.version_id)
        self.load(call(**ROW))
        self.inspection = self.inspected()
        for name in ("recordings/nora.wav", "imports/refused-1.csv", "uploads/7/rows"):
            path = self.settings.var_dir / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(f"line,reason\n1,{PHONE} {STAFF_NAME}\n".encode())

    def load(self, row):
        path = self.folder / "rows"
        path.write_bytes(jsonl(row))
        order = Order("interactions", path)
        return run_import(self.engine, self.keys, order, who=None, clock=lambda: NOW).counts

    def inspected(self):
        with self.world.seeded.transaction() as session:
            interaction = session.scalars(
                select(Interaction).where(Interaction.external_id == CASE)
            ).one()
            task = make_assignment(
                session,
                interaction=interaction,
                checklist_version_id=self.world.version_id,
            ).id
        noted = answers(
            HELLO={"value": "yes", "note": f"{STAFF_NAME} greets {NAME}"},
            WORDS={"value": f"{STAFF_NAME} promised {NAME} a call at {PHONE}"},
        )
        work = Work(noted, [], f"{NAME} was upset, {STAFF_NAME} calm", 1.0)
        found = self.world.do(
            submit, self.world.alice, assignment_id=task, version=0, work=work
        ).inspection_id
        self.world.do(
            acknowledge, self.world.charlie, inspection_id=found, comment=f"I, {STAFF_NAME}, agree"
        )
        self.appeal = self.world.do(
            raise_appeal,
            self.world.charlie,
            inspection_id=found,
            reasons={"HELLO": f"I, {STAFF_NAME}, told {NAME} at {PHONE}"},
        )
        return found

    def decided(self):
        """The appeal, decided with the score as it is."""
        self.world.do(
            decide_appeal,
            self.bob,
            appeal_id=self.appeal,
            answers=self.world.inspection(self.inspection).answers,
            decisions={"HELLO": f"{STAFF_NAME} did not tell {NAME} at {PHONE}"},
        )

    def erase(self, service, who=None, reason="asked in writing", **of_whom):
        with self.world.seeded.transaction() as session:
            traces.burn(session)
            erased = service(
                session, self.keys, who=who or self.admin, reason=reason, now=NOW, **of_whom
            )
        traces.remove(self.engine, self.settings, erased, now=NOW)
        return erased

    def everything(self):
        """Every value of every table as text, the index and its inner tables included."""
        found = []
        with self.engine.connect() as connection:
            scanned = set(inspect(connection).get_table_names())
            if self.engine.dialect.name == "sqlite":
                scanned -= {"search_document"}  # its inner tables hold the terms
            for table in sorted(scanned):
                for row in connection.execute(text(f'SELECT * FROM "{table}"')):
                    found += [_shown(value) for value in row]
        return "\n".join(found)

    def files(self):
        return b"\n".join(
            path.read_bytes()
            for path in sorted(self.folder.rglob("*"))
            if path.is_file() and path.name != "rows"
        )

    def found_by(self, word):
        with self.world.seeded.reading() as session:
            return search_index.candidates(session, words_of(word))


def with_free_text(session, version_id):
    """A version with one more item, answered in the inspector's own words."""
    before = session.get_one(ChecklistVersion, version_id)
    words = {"key": "WORDS", "kind": "text", "optional": True}
    greeting, *others = before.content["sections"]
    sections = [greeting | {"items": [*greeting["items"], words]}, *others]
    content = before.content | {"sections": sections}
    version = ChecklistVersion(
        checklist_id=before.checklist_id,
        number=before.number + 1,
        state="active",
        content=content,
        content_digest=digest(content),
        created_at=NOW,
    )
    before.state = "retired"
    session.add(version)
    session.flush()
    return version.id


def _shown(value):
    if isinstance(value, bytes | memoryview):
        return bytes(value).decode("utf-8", "replace")
    return json.dumps(value, ensure_ascii=False, default=str)


@sqlite_only
def test_what_is_stored_is_masked_in_turns_and_attributes(nora):
    rows = nora.world.all(Turn.interaction_id, Turn.position, Turn.text)
    first, second = (row.text for row in sorted(rows)[-2:])
    assert PHONE not in first + second
    assert len(first) == len(TURNS[0]["text"])
    (stored,) = nora.world.all(Interaction.attributes)[-1]
    assert stored == {"passenger": {"mobile": "█" * 11, "seat": "12A"}, "tags": ["vip"]}
    with nora.world.seeded.reading() as session:
        interaction = session.get_one(Inspection, nora.inspection).interaction_id
        values = clear_values(session, nora.keys, interaction)
    assert [(value.position, value.field, value.text) for value in values if value.field] == [
        (0, "/passenger/mobile", PHONE)
    ]
    of_first = [value for value in values if value.position == 1]
    assert unmasked(first, of_first) == TURNS[0]["text"]


@sqlite_only
def test_what_inspectors_and_correctors_write_is_masked(nora):
    def written():
        return json.dumps(nora.world.all(Inspection.answers)[-1][0], ensure_ascii=False)

    assert "promised" in written()
    assert PHONE not in nora.everything()
    told = answers(WORDS={"value": f"or {PHONE}"}, NAME={"value": "yes", "note": f"not {PHONE}"})
    nora.world.do(amend, nora.bob, inspection_id=nora.inspection, answers=told, reason="wrong")
    assert "or ███████████" in written()
    assert "not ███████████" in written()
    assert PHONE not in nora.everything()


def test_the_customers_reference_is_encrypted_beside_the_pseudonym(nora):
    (row,) = nora.world.all(Customer.ref, Customer.cipher)
    assert row.ref == nora.keys.pseudonym(REFERENCE)
    assert nora.keys.decrypt(row.cipher) == REFERENCE
    assert REFERENCE not in nora.everything()


@sqlite_only
def test_unmasking_takes_a_role_and_a_purpose_and_is_noted(nora):
    def asked(who, purpose="call the customer back"):
        with nora.world.seeded.transaction() as session:
            return unmask(
                session,
                nora.keys,
                who=who,
                inspection_id=nora.inspection,
                purpose=purpose,
                now=NOW,
            )

    for who in (nora.world.alice, nora.world.charlie):
        with pytest.raises(NotAllowed):
            asked(who)
    with pytest.raises(InvalidInput):
        asked(nora.bob, "  so ")
    assert PHONE in [value.text for value in asked(nora.bob)]
    with nora.world.seeded.reading() as session:
        (event,) = session.scalars(select(AuditEvent).where(AuditEvent.action == "unmask"))
    assert (event.user_id, event.reason) == (nora.bob.user_id, "call the customer back")
    assert event.details == {"kinds": {"phone": 3, "name": 1}}


@sqlite_only
def test_a_reason_that_names_a_number_is_masked_in_the_log(nora):
    with nora.world.seeded.transaction() as session:
        unmask(
            session,
            nora.keys,
            who=nora.bob,
            inspection_id=nora.inspection,
            purpose=f"call {PHONE} back",
            now=NOW,
        )
    assert PHONE not in nora.everything()


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


def test_new_rules_hide_what_was_stored_before_them(nora):
    late = "请打13987654321给我"
    with nora.world.seeded.transaction() as session:
        turn = session.scalars(select(Turn).where(Turn.text.contains("█"))).first()
        search_index.forget(session, [turn.interaction_id])
        turn.text = late
        session.flush()
        search_index.index_interactions(session, [turn.interaction_id])
        interaction, position = turn.interaction_id, turn.position
        row = session.get_one(Interaction, interaction)
        row.attributes = {"mobile": "13987654321"}
    assert nora.found_by("13987654321")
    done = remask(nora.engine, nora.keys, lambda _read, _total: None)
    assert done.hidden == 2
    assert "13987654321" not in nora.everything()
    assert not nora.found_by("13987654321")
    with nora.world.seeded.reading() as session:
        assert session.get_one(Turn, (interaction, position)).text == "请打███████████给我"
    assert remask(nora.engine, nora.keys, lambda _read, _total: None).hidden == 0


@sqlite_only
def test_a_customer_is_given_everything_in_clear(nora):
    with nora.world.seeded.transaction() as session:
        found = disclose_customer(
            session, nora.keys, who=nora.admin, reference=REFERENCE, reason="asked", now=NOW
        )
        with pytest.raises(NotAllowed):
            disclose_customer(
                session, nora.keys, who=nora.bob, reference=REFERENCE, reason="x", now=NOW
            )
    (encounter,) = found["encounters"]
    assert [turn["text"] for turn in encounter["turns"]] == [turn["text"] for turn in TURNS]
    assert encounter["clear_attributes"] == {"/passenger/mobile": PHONE}
    json.dumps(found)


@sqlite_only
def test_a_member_of_staff_is_given_results_and_own_deeds(nora):
    with nora.world.seeded.transaction() as session:
        found = disclose_staff(session, who=nora.admin, staff_no=STAFF_NO, reason="asked", now=NOW)
    assert found["staff"]["name"] == STAFF_NAME
    assert [row["id"] for row in found["results"]] == [nora.inspection]
    [appeal] = found["results"][0]["appeals"]
    assert appeal["state"] == "open"
    assert [point["item_key"] for point in appeal["points"]] == ["HELLO"]
    assert STAFF_NAME in appeal["points"][0]["reason"]
    assert found["accounts"][0]["sessions"]
    assert "password_hash" not in json.dumps(found)


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
    assert traces.repeat(nora.engine, again, now=NOW) == 1
    assert NAME not in nora.everything()
    assert traces.repeat(nora.engine, again, now=NOW) == 0
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
