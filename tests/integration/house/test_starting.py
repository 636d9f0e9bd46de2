"""Portals that start: two at once, a second time, where the port is taken."""

from __future__ import annotations

import re
import socket
import subprocess
import sys

import httpx
import pytest

from tests.support.house.fragile import FragilePortal
from tests.support.house.portal import free_port, wait_until_ready
from tests.support.requirements import ROOT


def portals(engine, tmp_path, count=2):
    url = engine.url.render_as_string(hide_password=False)
    for place in range(count):
        portal = FragilePortal(url, tmp_path, log=f"portal{place}.log")
        portal.environment["DEMO"] = "0"
        yield portal


def links(log):
    return re.findall(r"http://\S+/setup\?key=\S+", log.read_text())


@pytest.mark.sampled(2)
def test_two_that_start_at_once_on_an_empty_database_both_come_up(empty_engine, tmp_path):
    """Each link works at the other one too, and a later start ends neither."""
    both = list(portals(empty_engine, tmp_path))
    try:
        for portal in both:
            portal.begin()
        for portal in both:
            wait_until_ready(portal.portal, portal.process)
        printed = [link for portal in both for link in links(portal.portal.log)]
        assert len(printed) == 2
        both[0].kill()
        both[0].start()
        printed += links(both[0].portal.log)[1:]
        assert len(printed) == 3
        for link in printed:
            path = link.partition("/setup")[2]
            assert httpx.get(f"{both[1].url}/setup{path}").status_code == 200
    finally:
        for portal in both:
            portal.kill()


def test_a_taken_port_is_said_before_anything_is_made(tmp_path):
    port = free_port()
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        run = subprocess.run(
            [sys.executable, "-m", "pages.web"],
            cwd=ROOT,
            env={
                "DATABASE_URL": f"sqlite:///{tmp_path}/portal.db",
                "VAR_DIR": str(tmp_path),
                "PORT": str(port),
                "HOST": "127.0.0.1",
            },
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
    assert run.returncode == 2
    assert run.stderr == (
        f"Nobody can listen at HOST=127.0.0.1 and PORT={port}: address already in use.\n"
    )
    assert run.stdout == ""
    assert list(tmp_path.iterdir()) == []
