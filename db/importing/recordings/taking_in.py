"""Taking in recordings: matched to encounters, told by content, stored beside the database."""

from __future__ import annotations

import hashlib
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import PurePosixPath
from typing import NamedTuple

from sqlalchemy import Engine, or_, select, tuple_
from sqlalchemy.orm import Session

from core.access import Action, Identity, require
from core.encounters.sound import HEAD, SoundKind, sound_kind
from core.i18n import N_
from core.text.sentence import Sentence
from db.encounters.models import Interaction
from db.encounters.queries.consent import OPEN, is_closed
from db.importing.recordings.sound_files import (
    DAMAGE,
    Delivery,
    EncounterKey,
    SoundFile,
    outside,
)
from db.store import audit
from db.store.files import FileKey, FileKind, Files
from db.store.session import reading, transaction

_CHUNK = 500
_SPOKEN = "phone"


class RefusedFile(NamedTuple):
    """A file that was not taken in, and why."""

    name: str
    reason: Sentence


@dataclass
class TakenIn:
    """What came of a delivery, in files; `lacking` are encounters that still have no recording.

    Those name a file that is not there, or are calls with neither a recording nor a transcript.
    """

    added: int = 0
    replaced: int = 0
    unchanged: int = 0
    refused: list[RefusedFile] = field(default_factory=list)
    lacking: list[EncounterKey] = field(default_factory=list)


@dataclass(frozen=True)
class TakingOrder:
    """What is to be taken in.

    `dry`: only say what would come of it; what lacks is then what lacks before. `progress` is
    called after each file with what came of those so far.
    """

    delivery: Delivery
    dry: bool = False
    progress: Callable[[TakenIn], None] = lambda _taken: None


def take_in(
    engine: Engine,
    files: Files,
    order: TakingOrder,
    *,
    who: Identity | None,
    clock: Callable[[], datetime],
) -> TakenIn:
    """Take in the recordings of a delivery; the same ones again change nothing.

    A file belongs to the encounter that the manifest names, or that names this file itself, or
    whose source and external id are the file's folder and name; without a folder the name alone
    does where one source has it. What is no sound, is damaged, belongs to no encounter, to several
    or to one that an earlier file of the delivery belongs to, or whose customer refuses is left out
    with the reason.

    Args:
        who: None where an operator does it.

    Raises:
        NotAllowed: the role does not import.
    """
    if who is not None:
        require(who, Action.IMPORT)
    delivery, taken, keeper = order.delivery, TakenIn(), _Keeper(engine, files, who, clock)
    for begin in range(0, len(delivery.files), _CHUNK):
        chunk = delivery.files[begin : begin + _CHUNK]
        with reading(engine) as session:
            encounters = _Encounters(session, chunk, delivery)
        for file in chunk:
            meant = outside(file.name) or encounters.of(file)
            reason = meant if isinstance(meant, Sentence) else None
            if isinstance(meant, int):
                reason = keeper.keep(file, meant, taken, dry=order.dry)
            if reason is not None:
                taken.refused.append(RefusedFile(file.name, reason))
            order.progress(taken)
    with reading(engine) as session:
        taken.lacking = list(_lacking(session, files))
    return taken


def lacking_recordings(session: Session, files: Files, *, who: Identity) -> list[EncounterKey]:
    """The encounters that still have no recording, as in `TakenIn`; in order of their names.

    Raises:
        NotAllowed: the role does not import.
    """
    require(who, Action.IMPORT)
    return list(_lacking(session, files))


class _Encounters:
    """Which encounter each file of a chunk belongs to, read at once."""

    def __init__(self, session: Session, files: Sequence[SoundFile], delivery: Delivery) -> None:
        self._manifest = delivery.manifest
        keys = {key for file in files if (key := self._key(file)) is not None}
        names = {file.name for file in files}
        stems = {PurePosixPath(name).stem for name in names}
        self._by_key: dict[EncounterKey, int] = {}
        self._by_id: dict[str, set[int]] = defaultdict(set)
        self._by_name: dict[str, set[int]] = defaultdict(set)
        pair = tuple_(Interaction.source, Interaction.external_id)
        rows = session.execute(
            select(
                Interaction.id, Interaction.source, Interaction.external_id, Interaction.recording
            ).where(
                or_(
                    pair.in_(list(keys)),
                    Interaction.external_id.in_(stems),
                    Interaction.recording.in_(names),
                )
            )
        )
        for encounter_id, source, external_id, recording in rows:
            named = EncounterKey(source=source, external_id=external_id)
            self._by_key[named] = encounter_id
            self._by_id[external_id].add(encounter_id)
            if recording is not None:
                self._by_name[recording].add(encounter_id)

    def of(self, file: SoundFile) -> int | Sentence:
        """The id of the encounter, or why there is none."""
        if file.name in self._manifest:
            meant = self._manifest[file.name]
            encounter = self._by_key.get(meant)
            if encounter is None:
                return Sentence(
                    N_("The manifest names an encounter that is not there: {source} {id}."),
                    {"source": meant.source, "id": meant.external_id},
                )
            return encounter
        key = self._key(file)
        if key is not None and key in self._by_key and not self._by_name[file.name]:
            return self._by_key[key]
        candidates = self._by_name[file.name] or self._by_id[PurePosixPath(file.name).stem]
        if len(candidates) == 1:
            return next(iter(candidates))
        if candidates:
            return Sentence(N_("Several encounters have this name: say which in a manifest."), {})
        return Sentence(N_("No encounter has this name."), {})

    def _key(self, file: SoundFile) -> EncounterKey | None:
        if file.name in self._manifest:
            return self._manifest[file.name]
        path = PurePosixPath(file.name)
        folder = path.parent.name
        return EncounterKey(source=folder, external_id=path.stem) if folder else None


class _Keeper:
    """Stores one recording after the other, of each encounter one."""

    def __init__(
        self,
        engine: Engine,
        files: Files,
        who: Identity | None,
        clock: Callable[[], datetime],
    ) -> None:
        self._engine, self._files, self._who, self._clock = engine, files, who, clock
        self._kept: dict[int, str] = {}

    def keep(
        self, file: SoundFile, interaction_id: int, taken: TakenIn, *, dry: bool
    ) -> Sentence | None:
        """Take one in and count it; why not, where it is not."""
        if earlier := self._kept.get(interaction_id):
            return Sentence(
                N_("{file} of this delivery belongs to the same encounter."), {"file": earlier}
            )
        try:
            reason = self._keep(file, interaction_id, taken, dry=dry)
        except DAMAGE:
            return Sentence(N_("The file is damaged."), {})
        if reason is None:
            self._kept[interaction_id] = file.name
        return reason

    def _keep(
        self, file: SoundFile, interaction_id: int, taken: TakenIn, *, dry: bool
    ) -> Sentence | None:
        with file.open() as content:
            kind = sound_kind(content.read(HEAD))
        if kind is None:
            return Sentence(
                N_("This is no sound that can be played: wav, mp3, ogg, m4a and webm are."), {}
            )
        key = self._key(file, interaction_id, kind)
        with reading(self._engine) as session:
            interaction = session.get_one(Interaction, interaction_id)
            before, refused = interaction.recording, is_closed(interaction)
        if refused:
            return Sentence(N_("The customer refuses that this encounter is used."), {})
        is_there = before is not None and self._is_there(before)
        if before == key.name and is_there:
            taken.unchanged += 1
            return None
        taken.replaced += is_there
        taken.added += not is_there
        if not dry:
            self._store(file, interaction_id, key)
            self._drop(before)
        return None

    def _key(self, file: SoundFile, interaction_id: int, kind: SoundKind) -> FileKey:
        """Of one encounter alone, so that erasing it takes no other's recording along."""
        digest = hashlib.sha256()
        with file.open() as content:
            while piece := content.read(1 << 20):
                digest.update(piece)
        name = f"{interaction_id % 100:02}/{interaction_id}-{digest.hexdigest()[:16]}.{kind}"
        return FileKey(FileKind.RECORDINGS, name)

    def _is_there(self, name: str) -> bool:
        key = FileKey.of(FileKind.RECORDINGS, name)
        return key is not None and self._files.about(key) is not None

    def _store(self, file: SoundFile, interaction_id: int, key: FileKey) -> None:
        """The file comes before its row, so that no row names a file that is not there."""
        with file.open() as content, self._files.making(key) as path, path.open("wb") as target:
            shutil.copyfileobj(content, target, 1 << 20)
        with transaction(self._engine) as session:
            session.get_one(Interaction, interaction_id).recording = key.name
            subject = ("interaction", interaction_id)
            audit.record(session, self._who, "attach_recording", subject, now=self._clock())

    def _drop(self, name: str | None) -> None:
        """Remove the former file, unless another encounter names it too."""
        key = FileKey.of(FileKind.RECORDINGS, name) if name else None
        if key is None:
            return
        with reading(self._engine) as session:
            named = select(Interaction.id).where(Interaction.recording == name).limit(1)
            if session.scalar(named) is None:
                self._files.remove([key])


def _lacking(session: Session, files: Files) -> Iterator[EncounterKey]:
    names = {file.key.name for file in files.list(FileKind.RECORDINGS)}
    rows = session.execute(
        select(Interaction.source, Interaction.external_id, Interaction.recording)
        .where(
            OPEN,
            or_(
                Interaction.recording.is_not(None),
                (Interaction.channel == _SPOKEN) & (Interaction.turn_count == 0),
            ),
        )
        .order_by(Interaction.source, Interaction.external_id)
        .execution_options(yield_per=10_000)
    )
    for source, external_id, recording in rows:
        if recording is None or _is_missing(recording, names):
            yield EncounterKey(source=source, external_id=external_id)


def _is_missing(name: str, names: Iterable[str]) -> bool:
    """Whether a file of the portal is named that is not there; an address is elsewhere."""
    return "://" not in name and name not in names
