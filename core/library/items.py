"""One item of the standards library, and reading a file of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from core.checklist.data_reading import Node
from core.checklist.model import Texts
from core.checklist.parse_items import read_channels
from core.clock import LimitStatus
from core.clock.event_keys import EVENTS
from core.i18n import CONTENT_LANGUAGES

AnchorSets = Mapping[str, Mapping[str, Texts]]  # name -> level -> text
KINDS = ("yes_no", "graded", "clock")
MARKS = ("S", "K", "D", "X")  # safety, law or money, personal data, forbidden conduct
STRENGTHS = ("strong", "medium", "weak")
BASES = ("stated", "derived", "own")


@dataclass(frozen=True)
class Critical:
    """Why an item is critical, how strong the case is, and what its answers do."""

    marks: tuple[str, ...]
    strength: str
    effects: Mapping[str, Any]


@dataclass(frozen=True)
class LibraryItem:
    """A standard: what is checked, where, how, and where it comes from.

    Attributes:
        anchors: name of the set of level texts of a graded item.
        clock: start, stop and their events, limit_minutes (None while unset) and status of a timed
            item.
        basis: stated in the sources, derived from a case they tell, or own: in none of them.
        alias_of: the item that stands for this one in checklists.
        off: why no checklist has it.
    """

    id: str
    group: str
    term: Texts
    text: Texts
    kind: str
    channels: tuple[str, ...]
    basis: str
    source: str
    business_line: tuple[str, ...]
    guidance: Texts = field(default_factory=dict)
    good_example: Texts = field(default_factory=dict)
    bad_example: Texts = field(default_factory=dict)
    anchors: str | None = None
    clock: Mapping[str, Any] | None = None
    critical: Critical | None = None
    key_moment: bool = False
    alias_of: str | None = None
    off: Texts = field(default_factory=dict)

    def to_data(self) -> dict[str, Any]:
        """The item as JSON-able data, empty parts left out."""
        fields = asdict(self)
        return {name: _listed(value) for name, value in fields.items() if value not in EMPTY}

    def checklist_data(self, anchors: AnchorSets) -> dict[str, Any]:
        """The item as a checklist file would write it out."""
        data: dict[str, Any] = {
            "key": self.id,
            "kind": self.kind,
            "term": self.term,
            "text": self.text,
            "guidance": self.guidance,
            "good_example": self.good_example,
            "bad_example": self.bad_example,
            "channels": list(self.channels),
            "key_moment": self.key_moment,
        }
        if self.critical:
            data["effects"] = self.critical.effects
        if self.kind == "clock":
            data["clock"] = self.clock
        if self.kind == "graded" and self.anchors:
            data["levels"] = anchors.get(self.anchors, {})
        return data


@dataclass(frozen=True)
class Group:
    """A file of the library."""

    key: str
    title: Texts
    items: tuple[LibraryItem, ...]


EMPTY: tuple[object, ...] = (None, {}, (), False)
ITEM_KEYS = frozenset(entry.name for entry in fields(LibraryItem)) - {"group"}


def read_anchors(root: Node) -> dict[str, dict[str, Texts]]:
    """The named sets of level texts, each in three languages."""
    sets: dict[str, dict[str, Texts]] = {}
    for name in map(str, _mapping(root)):
        levels = root.at(name)
        texts = {str(level): text for level, text in _mapping(levels).items()}
        written = Node(texts, levels.path, levels.problems)
        sets[name] = {level: whole_texts(written, level) for level in texts}
    return sets


def read_group(root: Node) -> Group:
    """One library file."""
    root.check_keys({"group", "title", "items"})
    key = root.key("group")
    items = tuple(_item(node, key) for node in root.each("items"))
    return Group(key, whole_texts(root, "title"), items)


def whole_texts(node: Node, name: str) -> dict[str, str]:
    """A text that has to be there in every language."""
    texts = node.texts(name)
    missing = [language for language in CONTENT_LANGUAGES if language not in texts]
    if missing:
        node.at(name).problem("The text lacks {languages}.", languages=", ".join(missing))
    return texts


def _optional_texts(node: Node, name: str) -> dict[str, str]:
    return whole_texts(node, name) if node.has(name) else {}


def _item(node: Node, group: str) -> LibraryItem:
    node.check_keys(ITEM_KEYS)
    kind = node.choice("kind", KINDS, "yes_no")
    return LibraryItem(
        id=node.key("id"),
        group=group,
        term=whole_texts(node, "term"),
        text=whole_texts(node, "text"),
        guidance=_optional_texts(node, "guidance"),
        good_example=_optional_texts(node, "good_example"),
        bad_example=_optional_texts(node, "bad_example"),
        kind=kind,
        channels=_channels(node),
        basis=node.choice("basis", BASES, ""),
        source=_source(node),
        business_line=node.names("business_line"),
        anchors=_anchors(node, kind),
        clock=_clock(node.at("clock")) if kind == "clock" else None,
        critical=_critical(node.at("critical")) if node.has("critical") else None,
        key_moment=node.flag("key_moment", default=False),
        alias_of=node.optional_text("alias_of"),
        off=_optional_texts(node, "off"),
    )


def _channels(node: Node) -> tuple[str, ...]:
    channels = read_channels(node)
    if not channels:
        node.at("channels").problem("At least one channel is needed.")
    return channels


def _source(node: Node) -> str:
    source = node.text("source")
    if not source:
        node.at("source").problem("The source is missing.")
    return source


def _anchors(node: Node, kind: str) -> str | None:
    anchors = node.optional_text("anchors")
    if (kind == "graded") != (anchors is not None):
        node.at("anchors").problem("A graded item, and no other, names its set of anchors.")
    return anchors


def _clock(node: Node) -> dict[str, Any]:
    node.check_keys(
        {"start", "stop", "start_event", "stop_event", "limit_minutes", "status"} | {"pauses"}
    )
    limit = node.optional_number("limit_minutes", 0)
    status = LimitStatus(node.choice("status", tuple(LimitStatus), LimitStatus.UNSET.value))
    is_judged = status in {LimitStatus.USE, LimitStatus.CHECK}
    if (limit is None and is_judged) or (limit is not None and status is LimitStatus.UNSET):
        node.problem("A clock in use has a limit, and one that is unset has none.")
    return {
        "start": whole_texts(node, "start"),
        "stop": whole_texts(node, "stop"),
        "start_event": node.choice("start_event", EVENTS, ""),
        "stop_event": node.choice("stop_event", EVENTS, ""),
        "limit_minutes": limit,
        "status": str(status),
        "pauses": node.flag("pauses", default=False),
    }


def _critical(node: Node) -> Critical:
    node.check_keys({"marks", "strength", "effects"})
    marks = node.names("marks")
    for mark in marks:
        if mark not in MARKS:
            node.at("marks").problem("{value} is none of {allowed}.", value=mark, allowed=MARKS)
    effects = _mapping(node.at("effects"))
    return Critical(marks, node.choice("strength", STRENGTHS, ""), dict(effects))


def _mapping(node: Node) -> Mapping[Any, Any]:
    if isinstance(node.value, Mapping):
        return node.value
    node.problem("A mapping is expected here.")
    return {}


def _listed(value: Any) -> Any:  # noqa: ANN401  any JSON-able value
    if isinstance(value, Mapping):
        return {name: _listed(element) for name, element in value.items()}
    return list(value) if isinstance(value, tuple) else value
