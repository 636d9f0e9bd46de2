"""What the written demo content is made of: scenarios, their blocks and wordings, and people."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    model_validator,
)

Speaker = Literal["agent", "customer", "system", "bot"]
Language = Literal["zh_TW", "zh_CN", "en"]
Item = Annotated[str, Field(pattern=r"^[A-Z]{3}-\d{2}$")]
Slots = Mapping[str, str]

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def seconds(duration: str) -> int:
    """Seconds of ``40s``, ``9m``, ``26h`` or ``-170d``.

    Raises:
        ValueError: the text is no such duration.
    """
    match = re.fullmatch(r"([+-]?\d+)([smhd])", duration.strip())
    if not match:
        raise ValueError(f"{duration!r} is no duration such as 40s, 9m, 26h or -170d")
    return int(match[1]) * _SECONDS[match[2]]


def _names(value: object) -> object:
    return tuple(value.replace(",", " ").split()) if isinstance(value, str) else value


def _duration(value: object) -> object:
    return seconds(value) if isinstance(value, str) else value


def _duration_range(value: object) -> object:
    if not isinstance(value, str):
        return value
    low, _, high = value.partition("..")
    return seconds(low), seconds(high)


Names = Annotated[tuple[Item, ...], BeforeValidator(_names)]
DurationRange = Annotated[tuple[int, int], BeforeValidator(_duration_range)]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Utterance(_Frozen):
    """Something said or written by one speaker; in the files ``customer: text``."""

    speaker: Speaker
    text: str = Field(min_length=1)

    @model_validator(mode="before")
    @classmethod
    def _from_pair(cls, value: Any) -> Any:  # noqa: ANN401 - raw YAML
        if isinstance(value, Mapping) and len(value) == 1:
            ((speaker, text),) = value.items()
            return {"speaker": speaker, "text": text}
        return value


class ClockRange(_Frozen):
    """How long a timed step takes when it is in time and when it is late, in seconds.

    In live channels it is the pause before the turn. In files and e-mails it runs from `start`,
    counted from the time of the encounter.
    """

    good: DurationRange
    poor: DurationRange
    start: Annotated[int, BeforeValidator(_duration)] = 0


class Block(_Frozen):
    """A step of the encounter and the checklist items it shows, well done and badly done.

    A wording is a run of utterances; an empty one means that the step is left out.
    """

    items: Names
    good: tuple[tuple[Utterance, ...], ...] = Field(min_length=1)
    poor: tuple[tuple[Utterance, ...], ...] = Field(min_length=1)
    clock: ClockRange | None = None

    @model_validator(mode="after")
    def _shows_a_difference(self) -> Block:
        if not self.items:
            raise ValueError("a block needs an item")
        wordings = [*self.good, *self.poor]
        if len(set(wordings)) < len(wordings):
            raise ValueError(f"two wordings of {', '.join(self.items)} are the same")
        return self


def _step_kind(value: object) -> str:
    block = "items" in value if isinstance(value, Mapping) else isinstance(value, Block)
    return "block" if block else "line"


ScriptStep = Annotated[
    Annotated[Block, Tag("block")] | Annotated[Utterance, Tag("line")], Discriminator(_step_kind)
]


class Scenario(_Frozen):
    """One written encounter; its transcript depends on which items are met."""

    id: str
    title: str
    checklist: str
    channel: Literal["phone", "chat", "counter", "email", "record", "bot"]
    language: Language
    business_line: str = "airline"
    case_kind: Literal[
        "none", "problem", "complaint", "work_order", "follow_up", "order", "customer_profile"
    ] = "none"
    severity: Literal["urgent", "important", "ordinary"] | None = None
    not_applicable: Names = ()
    slots: Mapping[str, tuple[Slots, ...]] = Field(default_factory=dict)
    script: tuple[ScriptStep, ...] = Field(min_length=1)

    @property
    def items(self) -> tuple[str, ...]:
        """The checklist items the transcript shows, in its order."""
        return tuple(item for step in self.script if isinstance(step, Block) for item in step.items)

    @property
    def texts(self) -> tuple[str, ...]:
        """Every text that may appear, slots unfilled."""
        return tuple(utterance.text for step in self.script for utterance in _utterances(step))

    @model_validator(mode="after")
    def _shows_each_item_once(self) -> Scenario:
        twice = sorted({item for item in self.items if self.items.count(item) > 1})
        if twice:
            raise ValueError(f"items shown twice: {', '.join(twice)}")
        both = sorted(set(self.items) & set(self.not_applicable))
        if both:
            raise ValueError(f"items shown and not applicable: {', '.join(both)}")
        return self


class DemoStation(_Frozen):
    """A station of the demo; `languages` are those its customers speak."""

    code: str
    name_zh_tw: str
    name_zh_cn: str
    name_en: str
    kind: Literal["airport", "city_office", "phone_desk", "chat_desk", "shop", "head_office"]
    region: str
    parent_code: str | None
    timezone: str
    languages: tuple[Language, ...] = ()


class DemoStaff(_Frozen):
    """A member of staff; people without a Chinese name carry the English one throughout."""

    staff_no: str
    name_zh_tw: str
    name_zh_cn: str
    name_en: str
    station_code: str
    uniform_variant: Literal["tie", "scarf", ""]

    def slots(self, language: Language) -> Slots:
        """How the person introduces themselves: `agent` in speech, `agent_name` in full."""
        if language == "en":
            return {"agent": self.name_en.split()[0], "agent_name": self.name_en}
        name = self.name_zh_tw if language == "zh_TW" else self.name_zh_cn
        return {"agent": name[:1], "agent_name": name}


class DemoUser(_Frozen):
    """Someone who signs in to the demo; `severity` is an inspector's, in log-odds, 0 is usual."""

    username: str
    name: str
    role: str
    language: Language
    station_code: str | None = None
    staff_no: str | None = None
    severity: float = 0.0


def _utterances(step: Block | Utterance) -> tuple[Utterance, ...]:
    if isinstance(step, Utterance):
        return (step,)
    return tuple(utterance for wording in (*step.good, *step.poor) for utterance in wording)
