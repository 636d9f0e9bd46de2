"""Recordings of other hosts, played through the portal from a real server of this machine."""

from __future__ import annotations

import re
import socket
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import unquote

import pytest
from sqlalchemy import select

from db.encounters.models import Interaction
from db.store.models import AuditEvent
from pages.ui.kit import wiring
from tests.factories import make_assignment, make_interaction
from tests.support.inspection.pads import Browser

SOUND = b"RIFF\x24\x00\x00\x00WAVEfmt " + bytes(range(256)) * 40
SIZE = len(SOUND)


class Sounds(BaseHTTPRequestHandler):
    """/ranges/ gives pieces, /whole/ all, /endless/ all without a length, /to/ leads elsewhere.

    /cut/ breaks off; /piece/ and /beyond/ give any size out as that of the whole.
    """

    protocol_version = "HTTP/1.1"
    asked: list[str] = []  # noqa: RUF012  emptied by the fixture

    def do_GET(self):
        self.asked.append(self.path)
        way, _slash, rest = self.path[1:].partition("/")
        getattr(self, f"give_{way}", self.give_nothing)(rest)

    def give_ranges(self, _rest):
        span = re.fullmatch(r"bytes=(\d*)-(\d*)", self.headers.get("Range", ""))
        if span is None:
            return self.give_whole("")
        first = int(span[1]) if span[1] else SIZE - int(span[2])
        last = min(int(span[2]) if span[1] and span[2] else SIZE - 1, SIZE - 1)
        if first > last:
            return self.say(416, b"", {"Content-Range": f"bytes */{SIZE}"})
        return self.say(
            206, SOUND[first : last + 1], {"Content-Range": f"bytes {first}-{last}/{SIZE}"}
        )

    def give_whole(self, _rest):
        self.say(200, SOUND, {})

    def give_endless(self, _rest):
        self.send_response(200)
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(SOUND)
        self.close_connection = True

    def give_cut(self, _rest):
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self.wfile.write(b"40\r\nRIFF")
        self.close_connection = True

    def give_piece(self, rest):
        self.say(206, SOUND, {"Content-Range": f"bytes 0-99/{rest}"})

    def give_beyond(self, rest):
        self.say(416, b"", {"Content-Range": f"bytes */{rest}"})

    def give_page(self, _rest):
        self.say(200, b"<html><script>alert(1)</script>", {"Content-Type": "text/html"})

    def give_to(self, rest):
        self.say(302, b"", {"Location": unquote(rest)})

    def give_nothing(self, _rest):
        self.say(404, b"nothing", {})

    def say(self, status, content, headers):
        self.send_response(status)
        for name, value in (headers | {"Content-Length": str(len(content))}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture
def server():
    Sounds.asked.clear()
    with ExitStack() as stack:

        def serving(host="127.0.0.1"):
            served = ThreadingHTTPServer((host, 0), Sounds)
            served.daemon_threads = True
            Thread(target=served.serve_forever, daemon=True).start()
            stack.callback(served.server_close)
            stack.callback(served.shutdown)
            return f"{host}:{served.server_address[1]}"

        yield serving


@pytest.fixture
def allowed(wired, monkeypatch):
    """Let the portal know which hosts are allowed."""

    def allowed(*, outside="", inside=""):
        monkeypatch.setenv("RECORDING_HOSTS", outside)
        monkeypatch.setenv("RECORDING_HOSTS_INSIDE", inside)
        wiring.settings.cache_clear()

    yield allowed
    wiring.settings.cache_clear()


@pytest.fixture
def call(wired):
    def call(recording, **values):
        with wired.seeded.transaction() as session:
            made = make_interaction(session, recording=recording, **values)
            make_assignment(session, interaction=made, checklist_version_id=wired.version_id)
            return made.id

    return call


@pytest.mark.parametrize("way", ["ranges", "whole"])
def test_a_recording_of_an_allowed_host_is_played_in_ranges(alice, call, server, allowed, way):
    host = server()
    allowed(inside=host)
    key = call(f"http://{host}/{way}/1.wav")
    whole = alice.listen(key)
    assert (whole.status_code, whole.content) == (200, SOUND)
    assert whole.headers["content-type"].startswith("audio/")
    assert whole.headers["cache-control"] == "private, no-store"
    part = alice.listen(key, "bytes=256-511")
    assert (part.status_code, part.content) == (206, SOUND[256:512])
    assert part.headers["content-range"] == f"bytes 256-511/{SIZE}"
    end = alice.listen(key, "bytes=-100")
    assert (end.status_code, end.content) == (206, SOUND[-100:])
    assert alice.listen(key, "bytes=99999-").status_code == 416
    assert alice.listen(key, "bytes=5-4").status_code == 416


def test_one_whose_length_nobody_says_comes_as_a_whole(alice, call, server, allowed):
    host = server()
    allowed(inside=host)
    reply = alice.listen(call(f"http://{host}/endless/1.wav"), "bytes=0-")
    assert (reply.status_code, reply.content) == (200, SOUND)


def test_listening_is_in_the_audit_log_as_with_a_file(wired, alice, call, server, allowed):
    host = server()
    allowed(inside=host)
    key = call(f"http://{host}/ranges/1.wav")
    for span in ("bytes=0-99", "bytes=100-199", "bytes=-10"):
        alice.listen(key, span)
    heard = select(AuditEvent.object_id).where(AuditEvent.action == "listen")
    assert wired.one(lambda s: s.scalars(heard).all()) == [str(key)]


def test_nobody_hears_anothers_and_the_host_is_not_asked(wired, call, server, allowed):
    host = server()
    allowed(inside=host)
    wired.inspector("dora")
    key = call(f"http://{host}/ranges/1.wav")
    refused = call(f"http://{host}/ranges/2.wav", consent=False)
    assert Browser(wired, "dora").listen(key).status_code == 404
    assert Browser(wired, "bob").listen(key).status_code == 403
    assert Browser(wired, "alice").listen(refused).status_code == 422
    assert Sounds.asked == []


def sentence(reply, status=404):
    assert reply.status_code == status
    return reply.json()["error"]


def test_a_host_that_is_not_allowed_is_not_asked(alice, call, server, allowed):
    host = server()
    allowed(inside="other.example")
    told = sentence(alice.listen(call(f"http://{host}/ranges/1.wav")))
    assert told.startswith(f"Recordings are not played from {host}:")
    assert Sounds.asked == []


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "127.1", "0.0.0.0"])
def test_an_allowed_name_that_means_this_network_is_not_asked(alice, call, server, allowed, name):
    """Also where only the look-up of the name shows it, as with localhost."""
    port = server().partition(":")[2]
    allowed(outside=f"{name}:{port}")
    told = sentence(alice.listen(call(f"https://{name}:{port}/ranges/1.wav")))
    assert told == f"{name}:{port} lies within the portal's own network."
    assert Sounds.asked == []


def test_the_connection_goes_where_the_look_up_led(alice, call, server, allowed, monkeypatch):
    """A name that means another address at the second look-up gains nothing: there is none."""
    host = server()
    allowed(inside=f"sounds.example:{host.partition(':')[2]}")
    looked_up = []

    def answer(name, port, *_args, **_values):
        looked_up.append(name)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    real = socket.getaddrinfo
    monkeypatch.setattr(
        "pages.web.encounters.distant_sound.socket.getaddrinfo",
        lambda name, *rest, **values: (
            answer(name, *rest, **values)
            if name == "sounds.example"
            else real(name, *rest, **values)
        ),
    )
    key = call(f"http://sounds.example:{host.partition(':')[2]}/ranges/1.wav")
    assert alice.listen(key).content == SOUND
    assert looked_up == ["sounds.example"]


def test_a_redirect_is_followed_among_allowed_hosts_only(alice, call, server, allowed):
    first, second, third = server(), server(), server()
    allowed(inside=f"{first},{second}", outside=third)
    good = call(f"http://{first}/to/http://{second}/ranges/1.wav")
    assert alice.listen(good, "bytes=256-511").content == SOUND[256:512]
    Sounds.asked.clear()
    not_https = sentence(alice.listen(call(f"http://{first}/to/http://{third}/ranges/1.wav")))
    assert not_https == f"Recordings are played from {third} by https only."
    inside = sentence(alice.listen(call(f"http://{first}/to/https://{third}/ranges/1.wav")))
    assert inside == f"{third} lies within the portal's own network."
    elsewhere = sentence(
        alice.listen(call(f"http://{first}/to/http://other.example:1/ranges/1.wav"))
    )
    assert elsewhere.startswith("Recordings are not played from other.example:1:")
    assert "no address" in sentence(alice.listen(call(f"http://{first}/to/file:///etc/passwd")))
    assert "no address" in sentence(alice.listen(call(f"http://{first}/to/https://[")))
    assert all(path.startswith("/to/") for path in Sounds.asked)


def test_redirects_end(alice, call, server, allowed):
    host = server()
    allowed(inside=host)
    address = "http://{}{}/ranges/1.wav".format(host, f"/to/http://{host}" * 9)
    assert "leads from one address" in sentence(alice.listen(call(address)))
    assert len(Sounds.asked) == 4


def test_what_is_no_sound_and_what_is_not_there_is_said_so(alice, call, server, allowed):
    host = server()
    allowed(inside=host)
    told = sentence(alice.listen(call(f"http://{host}/page/1.wav"), "bytes=0-"))
    assert told == f"What {host} sends is no sound."
    told = sentence(alice.listen(call(f"http://{host}/nothing/1.wav")))
    assert told == f"{host} does not give this recording out; it answers 404."


def test_a_host_that_does_not_answer_is_said_so(alice, call, server, allowed):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        host = f"127.0.0.1:{unused.getsockname()[1]}"
    allowed(inside=host)
    told = sentence(alice.listen(call(f"http://{host}/ranges/1.wav")), 503)
    assert told == f"{host} does not answer. Try again later."


def test_a_host_that_breaks_off_is_said_so(alice, call, server, allowed):
    host = server()
    allowed(inside=host)
    told = sentence(alice.listen(call(f"http://{host}/cut/1.wav")), 503)
    assert told == f"{host} does not answer. Try again later."


@pytest.mark.parametrize("size", ["*", "9" * 5000])
def test_a_size_that_is_none_is_not_believed(alice, call, server, allowed, size):
    """Of a piece whose whole has no size nobody could say what follows it."""
    host = server()
    allowed(inside=host)
    told = sentence(alice.listen(call(f"http://{host}/piece/{size}"), "bytes=0-99"))
    assert told == f"{host} does not give this recording out; it answers 206."
    beyond = alice.listen(call(f"http://{host}/beyond/{size}"), "bytes=99999-")
    assert (beyond.status_code, beyond.headers["content-range"]) == (416, "bytes */0")


def test_the_address_is_told_to_nobody(wired, alice, call, server, allowed):
    host = server()
    allowed(inside=host)
    key = call(f"http://{host}/ranges/secret.wav?token=abc")
    reply = alice.listen(key)
    assert "token" not in str(reply.headers)
    with wired.seeded.reading() as session:
        assert session.get_one(Interaction, key).recording.endswith("token=abc")
