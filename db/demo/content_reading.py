"""Read the demo's written content from its YAML files; a fault names file, place and reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from core.checklist.model import BOT
from core.errors import InvalidInput
from core.i18n import CONTENT_LANGUAGES
from db.demo.content_model import DemoStaff, DemoStation, DemoUser, Scenario, Slots
from db.demo.placeholders import is_moment, slot_names

CONTENT = Path(__file__).parent / "content"
Pools = Mapping[str, tuple[Slots, ...]]
_Model = TypeVar("_Model", bound=BaseModel)


@dataclass(frozen=True)
class Content:
    """Everything the demo is made of."""

    stations: tuple[DemoStation, ...]
    staff: tuple[DemoStaff, ...]
    users: tuple[DemoUser, ...]
    scenarios: tuple[Scenario, ...]

    def suited(self, checklist: str, station: DemoStation) -> tuple[Scenario, ...]:
        """The scenarios of a checklist in the languages of a station's customers, without bots."""
        return tuple(
            scenario
            for scenario in self.scenarios
            if scenario.checklist == checklist
            and scenario.language in station.languages
            and scenario.channel != BOT
        )


@cache
def load_content(folder: Path = CONTENT) -> Content:
    """The stations, people and scenarios of a content folder.

    Raises:
        InvalidInput: something is missing or not well formed; the sentence names the file, the
            place in it and the reason.
    """
    pools = {language: _pools(folder / "slots.yaml", language) for language in CONTENT_LANGUAGES}
    shared = {path.stem: _yaml(path) for path in (folder / "common").glob("*.yaml")}
    paths = sorted((folder / "scenarios").glob("*/*.yaml"))
    return Content(
        stations=_rows(folder / "stations.yaml", "stations", DemoStation),
        staff=_rows(folder / "people.yaml", "staff", DemoStaff),
        users=_rows(folder / "people.yaml", "users", DemoUser),
        scenarios=tuple(_scenario(path, shared, pools) for path in paths),
    )


def _scenario(
    path: Path, shared: Mapping[str, Mapping[str, Any]], pools: Mapping[str, Pools]
) -> Scenario:
    raw = _yaml(path)
    if raw.get("id") != path.stem:
        raise _fault(path, "id", f"must be {path.stem}")
    blocks = shared.get(f"{path.parent.name}.{raw.get('language')}", {})
    speaker = {"record": "system", "bot": "bot"}.get(str(raw.get("channel")), "agent")
    steps = [
        step
        for number, entry in enumerate(raw.get("script") or [], 1)
        for step in _steps(entry, blocks, path, f"script {number}")
    ]
    local = {group: _slot_rows(group, rows) for group, rows in (raw.get("slots") or {}).items()}
    script = [_spelled_out(step, speaker) for step in steps]
    scenario = _checked(Scenario, {**raw, "slots": local, "script": script}, path, "scenario")
    all_pools = {**pools[scenario.language], **local}
    return scenario.model_copy(update={"slots": _needed(all_pools, scenario.texts, path)})


def _steps(entry: object, blocks: Mapping[str, Any], path: Path, location: str) -> list[Any]:
    """A script entry, or the shared blocks that ``use: name another`` calls in."""
    if not isinstance(entry, dict):
        raise _fault(path, location, "is neither a speaker's line nor a block")
    if "use" not in entry:
        return [entry]
    names = str(entry["use"]).split()
    unknown = [name for name in names if name not in blocks]
    if unknown:
        raise _fault(path, location, f"unknown shared block {unknown[0]}")
    called = [blocks[name] for name in names]
    return [step for block in called for step in (block if isinstance(block, list) else [block])]


def _spelled_out(step: Mapping[str, Any], speaker: str) -> Mapping[str, Any]:
    """A block whose short forms are written out: a bare text is one line of the usual speaker."""
    if "items" not in step:
        return step
    speaker = step.get("by", speaker)
    other_fields = {
        name: value for name, value in step.items() if name not in {"by", "good", "poor"}
    }
    return {
        **other_fields,
        "good": _wordings(step.get("good"), speaker),
        "poor": _wordings(step.get("poor"), speaker),
    }


def _wordings(raw: object, speaker: str) -> list[object]:
    wordings = raw if isinstance(raw, list) else [raw] if isinstance(raw, str) else []
    return [_wording(wording, speaker) for wording in wordings]


def _wording(raw: object, speaker: str) -> object:
    if isinstance(raw, str):
        return [{speaker: raw}] if raw else []
    return raw


def _needed(pools: Pools, texts: Iterable[str], path: Path) -> Pools:
    try:
        names = {name for name in slot_names(texts) if not is_moment(name)}
    except ValueError as error:
        raise _fault(path, "script", str(error)) from error
    needed = {group: rows for group, rows in pools.items() if names & rows[0].keys()}
    missing = sorted(names - {name for rows in needed.values() for name in rows[0]})
    if missing:
        raise _fault(path, "script", f"no words for {{{missing[0]}}}")
    return needed


def _pools(path: Path, language: str) -> Pools:
    raw = _yaml(path)
    groups = {**raw.get("every", {}), **raw.get(language, {})}
    return {group: _slot_rows(group, rows) for group, rows in groups.items()}


def _slot_rows(group: str, rows: list[Any]) -> tuple[Slots, ...]:
    return tuple(row if isinstance(row, dict) else {group: str(row)} for row in rows)


def _rows(path: Path, name: str, kind: type[_Model]) -> tuple[_Model, ...]:
    rows = _yaml(path).get(name) or []
    return tuple(
        _checked(kind, row, path, f"{name} {number}") for number, row in enumerate(rows, 1)
    )


def _checked(kind: type[_Model], raw: object, path: Path, location: str) -> _Model:
    try:
        return kind.model_validate(raw)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = " ".join([location, *map(str, first["loc"])])
        raise _fault(path, where, first["msg"].removeprefix("Value error, ")) from error


def _yaml(path: Path) -> dict[str, Any]:
    try:
        raw = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise _fault(path, "file", " ".join(str(error).split())) from error
    if not isinstance(raw, dict):
        raise _fault(path, "file", "holds no mapping")
    return raw


def _fault(path: Path, location: str, reason: str) -> InvalidInput:
    return InvalidInput("{file}: {place}: {reason}", file=path.name, place=location, reason=reason)
