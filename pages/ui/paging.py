"""Pages of a list that is read from behind a place on, however long it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Generic, TypeVar, cast

import streamlit as st

from pages.ui.messages import _

Place = TypeVar("Place")


@dataclass
class Pages(Generic[Place]):
    """Where each page up to the present one begins; the first begins nowhere."""

    of: object
    starts: list[Place | None] = field(default_factory=lambda: [None])

    @property
    def after(self) -> Place | None:
        return self.starts[-1]

    @property
    def before(self) -> int:
        """How many pages lie before this one."""
        return len(self.starts) - 1

    def back_button(self, label: str = "") -> None:
        if self.before:
            label = label or _("Back")
            st.button(label, icon=":material/arrow_back:", key="page_back", on_click=self._back)

    def more_button(self, following: Place | None, label: str = "") -> None:
        if following is not None:
            st.button(
                label or _("More"),
                icon=":material/arrow_forward:",
                key="page_more",
                on_click=self._on,
                args=(following,),
            )

    def _back(self) -> None:
        self.starts.pop()

    def _on(self, following: Place) -> None:
        self.starts.append(following)


def pages_of(name: str, wanted: object, kind: type[Place]) -> Pages[Place]:  # noqa: ARG001  names the type
    """The pages of a list in this session; another filter begins at the first one."""
    key = f"_pages_{name}"
    kept = st.session_state.get(key)
    if kept is None or kept.of != wanted:
        kept = st.session_state[key] = Pages(wanted)
    return cast("Pages[Place]", kept)
