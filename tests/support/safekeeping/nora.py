"""Nora's call, taken by Wren: personal data in every place that can hold some."""

from __future__ import annotations

import json

from sqlalchemy import inspect, select, text

from core.settings import Settings
from core.text.search_query import query_of
from db.appeals.services.decisions import decide_appeal
from db.appeals.services.raising import raise_appeal
from db.checklists.models import ChecklistVersion
from db.checklists.services.standards import digest
from db.encounters import search_index
from db.encounters.models import Interaction
from db.importing.import_run import Order, run_import
from db.inspection.services.drafts import Work
from db.inspection.services.submission import submit
from db.inspection.tasks import ASSIGNED
from db.people.models import Staff
from db.results.services.acknowledgements import acknowledge
from db.safekeeping import erasure_traces
from db.safekeeping.services.unmasking import unmask
from db.store.keys import load_keys
from tests.factories import make_assignment
from tests.support.clock import NOW
from tests.support.importing.files import call, jsonl
from tests.support.inspection.inspecting import answers
from tests.support.sign_in.sessions import session_token

PHONE, NAME, REFERENCE, CASE = "13812345678", "司徒诺拉", "CUST-77-XYZ", "call-of-nora"
# A name that no rule of the masking knows, so that what people write keeps it.
STAFF_NAME, STAFF_NO = "Wren Quillfeather", "S-QUILL"
TURNS = [
    {"speaker": "customer", "text": f"我是{NAME}，电话{PHONE}"},
    {"speaker": "agent", "text": f"诺拉您好，{STAFF_NAME}在这里，号码{PHONE}对吗"},
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
            submit, self.world.alice, task=ASSIGNED.task(task), version=0, work=work
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

    def unmask(self, purpose, who=None):
        with self.world.seeded.transaction() as session:
            about = {"inspection_id": self.inspection, "purpose": purpose, "now": NOW}
            return unmask(session, self.keys, who=who or self.bob, **about)

    def erase(self, service, who=None, reason="asked in writing", **of_whom):
        with self.world.seeded.transaction() as session:
            erasure_traces.burn(session)
            erased = service(
                session, self.keys, who=who or self.admin, reason=reason, now=NOW, **of_whom
            )
        erasure_traces.remove(self.engine, self.settings, erased, now=NOW)
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
            return search_index.candidates(session, query_of(word))


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
    if isinstance(value, str) and value.startswith(("{", "[")):
        value = json.loads(value)  # SQLite keeps JSON as text, with Chinese escaped
    return json.dumps(value, ensure_ascii=False, default=str)
