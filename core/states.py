"""States of records: for each kind one table of the deeds that lead from state to state."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, StrEnum, auto

from core.access import Action, Identity, require
from core.errors import InvalidInput, OutOfTurn


class Trace(Enum):
    """What a deed leaves beside the record that it moves; each more than the one before.

    Nothing: machines do it all day. Log: an entry of the audit log, and an event. Notice: the
    record's owner is told too, unless it was the owner who did it.
    """

    NOTHING = auto()
    LOG = auto()
    NOTICE = auto()


@dataclass(frozen=True)
class Deed:
    """One way in which a record moves.

    Attributes:
        name: what the audit log calls it.
        sources: the states it leads from.
        targets: the states it may lead to; whoever moves says which, where there are several.
        action: the right it asks of a person; None where only the portal does it.
        needs_reason: nobody does it without saying why.
        leaves: what is written down besides the record's new state.
    """

    name: str
    sources: frozenset[StrEnum]
    targets: tuple[StrEnum, ...]
    action: Action | None
    needs_reason: bool = False
    leaves: Trace = Trace.LOG


@dataclass(frozen=True)
class Move:
    """A deed of a table of states, and the state that it is to lead to."""

    states: States
    deed: Deed
    target: StrEnum

    def permit(self, who: Identity | None, reason: str) -> None:
        """Refuse who may not do it, or does not say why; the portal itself (None) may.

        Raises:
            NotAllowed: the person lacks the right that the deed asks for.
            InvalidInput: the deed asks for a reason, and there is none.
        """
        if self.deed.action is not None and who is not None:
            require(who, self.deed.action)
        if self.deed.needs_reason and not reason.strip():
            raise InvalidInput("Give a reason.")

    def check(self, state: str) -> None:
        """Refuse what does not lead from the state that a record is in.

        Raises:
            OutOfTurn: it does not; `current` is the state.
        """
        if state not in self.deed.sources:
            raise self.refused(state)

    def refused(self, state: str) -> OutOfTurn:
        """What to raise for a record in a state that the deed does not lead from."""
        return OutOfTurn(self.states.refusal, state)


@dataclass(frozen=True, eq=False)
class States:
    """The states of one kind of record.

    Attributes:
        kind: what the audit log calls such a record.
        first: the state it begins in.
        refusal: the sentence for whoever comes too late: the record is in another state by now.
        owner: the column that names the account whose record it is; empty where nobody's.
        waits_for: the right of those who are to act on it until it ends; None: it waits for nobody.
        reopening: the deeds that lead back from an end, which stays an end all the same.
    """

    kind: str
    first: StrEnum
    deeds: tuple[Deed, ...]
    refusal: str
    owner: str = ""
    waits_for: Action | None = None
    reopening: frozenset[str] = frozenset()

    @property
    def ends(self) -> frozenset[StrEnum]:
        """The states that no deed leads from, but for one that opens the record again."""
        targets = {target for deed in self.deeds for target in deed.targets}
        onward = (deed.sources for deed in self.deeds if deed.name not in self.reopening)
        return frozenset(targets.difference(*onward))

    @property
    def open(self) -> frozenset[StrEnum]:
        """The states that some deed leads from."""
        return frozenset(type(self.first)) - self.ends

    def by(self, name: str, to: StrEnum | None = None) -> Move:
        """The move by the deed of this name.

        Raises:
            ValueError: there is none, or it does not lead to `to`, or `to` is lacking.
        """
        deed = next((deed for deed in self.deeds if deed.name == name), None)
        targets = deed.targets if deed else ()
        target = targets[0] if to is None and len(targets) == 1 else to
        if deed is None or target not in targets:
            raise ValueError(f"{name} leads a record of kind {self.kind} to {targets}, not to {to}")
        return Move(self, deed, target)


def deed(
    name: str,
    sources: StrEnum | Iterable[StrEnum],
    targets: StrEnum | Iterable[StrEnum],
    action: Action | None,
    *,
    needs_reason: bool = False,
    leaves: Trace = Trace.LOG,
) -> Deed:
    """A line of a table of states; one state may stand for a set of one."""
    return Deed(
        name=name,
        sources=frozenset(_several(sources)),
        targets=tuple(_several(targets)),
        action=action,
        needs_reason=needs_reason,
        leaves=leaves,
    )


def _several(states: StrEnum | Iterable[StrEnum]) -> Iterable[StrEnum]:
    return [states] if isinstance(states, StrEnum) else states
