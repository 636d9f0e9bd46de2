"""Knowing when Streamlit has drawn what a page asked for last, instead of waiting for a while."""

from __future__ import annotations

import time
from collections import deque
from weakref import WeakKeyDictionary

from playwright.sync_api import Page, WebSocket, expect
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.support.house.chromium import SOON

DRAWN = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
"""For `evaluate`: what was just clicked or typed has been sent after this."""
_IDLE = "[data-testid=stApp][data-test-script-state=notRunning]"
_UNFINISHED = "[data-testid=stSkeleton], [data-stale=true]"
_watched: WeakKeyDictionary[Page, _Reruns] = WeakKeyDictionary()


def watch(page: Page) -> None:
    """Listen from the beginning; must be called before the page is opened."""
    _watched[page] = _Reruns(page)


def settled(page: Page) -> None:
    """Wait until each rerun the page has asked for has run to its end and is drawn.

    What a widget sends a moment later, as a table does with its selection, is not waited for.
    """
    reruns, deadline = _watched[page], time.monotonic() + SOON / 1000
    page.evaluate(DRAWN)
    expect(page.locator(_IDLE)).to_be_attached()
    while not reruns.are_over:
        assert time.monotonic() < deadline, "the page's script does not come to its end"
        page.wait_for_timeout(20)
    expect(page.locator(_IDLE)).to_be_attached()
    expect(page.locator(_UNFINISHED)).to_have_count(0)


def messages(page: Page) -> str:
    """What the page lately asked its script for and when that ran: to read beside a failure."""
    return "\n".join(_watched[page].latest)


class _Reruns:
    """What goes over the page's websocket."""

    def __init__(self, page: Page) -> None:
        self._is_asked = self._runs = False
        self.latest: deque[str] = deque(maxlen=60)
        page.on("websocket", self._listen)

    @property
    def are_over(self) -> bool:
        return not (self._is_asked or self._runs)

    def _listen(self, socket: WebSocket) -> None:
        socket.on("framesent", self._sent)
        socket.on("framereceived", self._received)

    def _sent(self, frame: bytes | str) -> None:
        message = BackMsg.FromString(frame) if isinstance(frame, bytes) else BackMsg()
        if message.HasField("rerun_script") and not message.rerun_script.is_auto_rerun:
            self._is_asked = True
        if message.HasField("rerun_script"):
            states = message.rerun_script.widget_states.widgets
            clicked = [state.id for state in states if state.trigger_value]
            self._note(f"asks for a run {clicked or ''}")

    def _received(self, frame: bytes | str) -> None:
        if not isinstance(frame, bytes):
            return
        message = ForwardMsg.FromString(frame)
        if message.HasField("new_session"):
            self._is_asked, self._runs = False, True
            self._note("runs")
        elif message.HasField("script_finished"):
            self._runs = message.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN
            self._note(ForwardMsg.ScriptFinishedStatus.Name(message.script_finished))

    def _note(self, what: str) -> None:
        self.latest.append(f"{time.monotonic():.3f} {what}")
