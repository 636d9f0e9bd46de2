"""Erasing a customer or a member of staff on request: scores stay, the person does not.

What remains is told apart by numbers only. Seals and figures are not touched: the log holds no
personal values, and aggregates name nobody.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from core.access import Action, Identity, require
from core.errors import InvalidInput, NotFound
from core.safekeeping import scrubbing as scrubbing_core
from core.text.identifiers import caseless
from db.encounters import search_index
from db.encounters.models import Interaction
from db.files.models import Accountability, File, FileStep
from db.importing.lookups import interaction_key
from db.importing.personal_data import ENCOUNTER, FILE, PERSON, erased_digests
from db.inspection.models import Assignment, Evidence, Inspection, Photo
from db.inspection.services.photos import photo_file
from db.people import staff_list
from db.people.former_names import forget_names
from db.people.identifiers import staff_id
from db.people.models import Staff
from db.safekeeping.models import Customer, Erasure
from db.safekeeping.services import scrubbing
from db.safekeeping.services.unmasking import clear_values
from db.store import audit
from db.store.events import Published, publish
from db.store.files import FileKey, FileKind
from db.store.keys import Keys
from db.teaching.services import withdrawal

CUSTOMER = "customer"
EMPTIED = {"note": "", "reply": None, "told_by": "", "struck_reason": ""}
"""What people wrote with the events of a file."""


@dataclass(frozen=True)
class Erased:
    """What was erased: `files` and `values` to look for in files come after it.

    `kind` and `key` say it again without a clear value, for a restored backup; `former` are the
    keys in backups made before the portal's key was changed.
    """

    kind: str
    key: str
    encounters: int
    files: frozenset[FileKey]
    values: frozenset[str]
    former: tuple[str, ...] = ()


def erase_customer(
    session: Session, keys: Keys, *, who: Identity, reference: str, reason: str, now: datetime
) -> Erased:
    """Erase every encounter of a customer, known by the reference of the imports.

    Raises:
        InvalidInput: no reason is given.
        NotFound: nothing of this customer is stored.
    """
    require(who, Action.KEEP_DATA)
    _check(reason)
    erased = erase_pseudonym(session, keys, *keys.pseudonyms_ever(reference.strip()), now=now)
    _note(session, who, erased, reason, now)
    return erased


def erase_pseudonym(session: Session, keys: Keys, ref: str, *others: str, now: datetime) -> Erased:
    """The same where only the pseudonyms are known, as after a restore."""
    refs = {ref, *others}
    rows = session.scalars(select(Interaction).where(Interaction.customer_ref.in_(refs))).all()
    references = _references(session, keys, refs)
    of_files = session.scalars(select(File).where(File.customer_ref.in_(refs))).all()
    if not rows and not of_files and not references:
        raise NotFound("Nothing is stored of this person.")
    files: set[FileKey] = set()
    for reference in references:
        refs.update(keys.pseudonyms_ever(reference))
    values = references | {row.external_id for row in rows}
    values |= {file.external_id for file in of_files}
    for row in rows:
        values |= {clear_value.text for clear_value in clear_values(session, keys, row.id)}
    search_index.forget(session, [row.id for row in rows])
    for row in rows:
        files |= _encounter(session, keys, row, values, now)
    for file in of_files:
        _file(session, keys, file, now)
    _remember(session, keys, CUSTOMER, ref, now)
    session.execute(delete(Customer).where(Customer.ref.in_(refs)))
    session.flush()
    search_index.index_interactions(session, [row.id for row in rows])
    scrubbing.scrub_at_large(session, values)
    return Erased(
        kind=CUSTOMER,
        key=ref,
        encounters=len(rows),
        files=frozenset(files),
        values=frozenset(values),
        former=tuple(sorted(refs - {ref})),
    )


def erase_staff(
    session: Session, keys: Keys, *, who: Identity, staff_no: str, reason: str, now: datetime
) -> Erased:
    """Erase a member of staff and their account; inspections stay without a name.

    Raises:
        InvalidInput: no reason is given, or the person still works here.
        NotFound: nobody has this number.
    """
    require(who, Action.KEEP_DATA)
    _check(reason)
    row_id = staff_id(session, staff_no)
    staff = None if row_id is None else session.get(Staff, row_id)
    if staff is None:
        raise NotFound("Nothing is stored of this person.")
    if staff.active:
        raise InvalidInput("Set the person inactive first.")
    erased = erase_staff_member(session, keys, staff, now=now)
    _note(session, who, erased, reason, now)
    return erased


def erase_staff_member(session: Session, keys: Keys, staff: Staff, *, now: datetime) -> Erased:
    """The same for a known row, as after a restore or when the time of keeping is over."""
    users = staff_list.accounts_of(session, staff.id)
    values = staff_list.names_of(session, staff.id)
    _remember(session, keys, PERSON, caseless(staff.staff_no), now)
    rows = session.scalars(select(Interaction).where(Interaction.staff_id == staff.id)).all()
    search_index.forget(session, [row.id for row in rows])
    files = {key for row in rows for key in _recording(row)}
    for row in rows:
        row.recording = None  # a voice is a person, and so is a face
        files |= {photo_file(name) for name in _drop_photos(session, row.id)}
        scrubbing.scrub_encounter(session, row, values, entirely=False)
    notes = update(Accountability).where(Accountability.staff_id == staff.id)
    session.execute(notes.values(finding=""))
    for user in users:
        scrubbing.empty_account(session, user, now=now)
    staff.name, staff.staff_no = "", f"erased-{staff.id}"
    forget_names(session, staff.id)
    session.flush()
    search_index.index_interactions(session, [row.id for row in rows])
    scrubbing.scrub_at_large(session, values)
    return Erased(
        kind=PERSON,
        key=str(staff.id),
        encounters=len(rows),
        files=frozenset(files),
        values=frozenset(values),
    )


def _encounter(
    session: Session, keys: Keys, row: Interaction, values: set[str], now: datetime
) -> set[FileKey]:
    """Empty one encounter of a customer; the files that belong to it."""
    files = _recording(row)
    _remember(session, keys, ENCOUNTER, interaction_key(row.source, row.external_id), now)
    withdrawal.leave_sets(session, [row.id], reason=withdrawal.ERASED, now=now)
    scrubbing.scrub_encounter(session, row, values, entirely=True)
    row.external_id, row.recording, row.customer_ref = f"erased-{row.id}", None, None
    row.content_digest = ""
    return files | {photo_file(name) for name in _drop_photos(session, row.id)}


def _file(session: Session, keys: Keys, row: File, now: datetime) -> None:
    """Empty one file of a customer; its steps stay, and what follows from them."""
    _remember(session, keys, FILE, interaction_key(row.source, row.external_id), now)
    row.external_id, row.customer_ref = f"erased-{row.id}", None
    row.content = row.demand = row.contact = ""
    session.execute(update(FileStep).where(FileStep.file_id == row.id).values(EMPTIED))


def _recording(row: Interaction) -> set[FileKey]:
    """The recording, unless it is kept elsewhere."""
    key = FileKey.of(FileKind.RECORDINGS, row.recording) if row.recording else None
    return {key} if key else set()


def _references(session: Session, keys: Keys, refs: Collection[str]) -> set[str]:
    """The clear identifier behind pseudonyms, in the ways it is written, while it is kept."""
    ciphers = session.scalars(select(Customer.cipher).where(Customer.ref.in_(refs)))
    return {keys.decrypt(cipher) for cipher in ciphers}


def _drop_photos(session: Session, interaction_id: int) -> Sequence[str]:
    tasks = select(Assignment.id).where(Assignment.interaction_id == interaction_id)
    names = session.scalars(select(Photo.name).where(Photo.assignment_id.in_(tasks))).all()
    inspections = select(Inspection.id).where(Inspection.interaction_id == interaction_id)
    for pin in session.scalars(select(Evidence).where(Evidence.inspection_id.in_(inspections))):
        pin.photo = None
    session.flush()
    session.execute(delete(Photo).where(Photo.name.in_(names)))
    return names


def _check(reason: str) -> None:
    if not reason.strip():
        raise InvalidInput("Give a reason.")


def _remember(session: Session, keys: Keys, kind: str, key: str, now: datetime) -> None:
    digest = erased_digests(keys, kind, key)[0]
    query = select(Erasure.id).where(Erasure.kind == kind, Erasure.digest == digest)
    if session.scalar(query) is None:
        erasure = Erasure(kind=kind, digest=digest, at=now)
        session.add(erasure)
        session.flush()  # the event names the id
        ids = (erasure.id,)
        publish(session, Published(kind="erasure", deed="erase", ids=ids, who=None, now=now))


def _note(session: Session, who: Identity, erased: Erased, reason: str, now: datetime) -> None:
    audit.record(
        session,
        who,
        "erase",
        (erased.kind, erased.key),
        now=now,
        reason=scrubbing_core.scrubbed(reason, erased.values),
        encounters=erased.encounters,
    )
