"""Streamlit's own upload address: what it takes, and how much in an hour."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pages.web import streamlit_uploads
from pages.web.allowance import Allowance
from tests.support.house.routes import signed_in


def put(client, name, content=b"a,b\n1,2\n", **headers):
    files = {"file": (name, content)}
    return client.put("/_stcore/upload_file/session/file", files=files, headers=headers)


@pytest.fixture
def allowance(monkeypatch):
    fresh = Allowance(streamlit_uploads.MOST_IN_AN_HOUR, timedelta(hours=1))
    monkeypatch.setattr(streamlit_uploads, "_allowance", fresh)


@pytest.mark.parametrize(
    ("name", "content", "status"),
    [
        ("rows.csv", b"a,b\n1,2\n", 404),  # let through; Streamlit is not here
        ("ROWS.CSV", b"a,b\n1,2\n", 404),
        ("book.xlsx", b"PK\x03\x04rest", 404),
        ("book.xlsx", b"MZ\x90\x00", 415),
        ("rows.csv", b"MZ\x90\x00\x03\x00", 415),
        ("badge.PNG", b"\x89PNG\r\n\x1a\nrest", 404),
        ("badge.jpg", b"\xff\xd8\xff\xe0", 404),
        ("badge.png", b"<script>", 415),
        ("badge.jpg", b"MZ\x90\x00", 415),
        ("setup.exe", b"MZ\x90\x00", 415),
        ("page.html", b"<script>", 415),
        ("picture.svg", b"<svg/>", 415),
        ("rows.csv.exe", b"a", 415),
        ("", b"a", 415),
    ],
)
def test_uploads_are_taken_by_name_and_content(client, wired, allowance, name, content, status):
    signed_in(client, "administrator")
    assert put(client, name, content).status_code == status


def test_a_large_upload_is_refused_before_it_is_read(client, wired, allowance):
    signed_in(client, "administrator")
    assert put(client, "rows.csv", b"a" * (streamlit_uploads.LARGEST + 1)).status_code == 413


def test_an_upload_of_unknown_size_is_refused(client, wired, allowance):
    signed_in(client, "administrator")
    answer = client.put("/_stcore/upload_file/s/f", content=iter([b"x"]))
    assert answer.status_code == 411


def test_a_person_sends_only_so_much_in_an_hour(client, wired, allowance):
    signed_in(client, "administrator")
    piece = b"a" * (streamlit_uploads.LARGEST - 1_000)
    answers = [put(client, "rows.csv", piece).status_code for _ in range(11)]
    assert answers == [404] * 10 + [429]
    signed_in(client, "bob")
    assert put(client, "rows.csv").status_code == 404


def test_the_allowance_comes_back_after_an_hour(now):
    hour = timedelta(hours=1)
    allowance = Allowance(100, hour)
    assert allowance.takes(1, 100, now)
    assert not allowance.takes(1, 1, now + hour - timedelta(seconds=1))
    assert allowance.takes(1, 1, now + hour)
