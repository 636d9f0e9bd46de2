"""Who gets in, seen from a real browser and from plain requests."""

from __future__ import annotations

from http.client import HTTPConnection
from statistics import median
from time import perf_counter

import pytest
from playwright.sync_api import expect

from tests import factories
from tests.support.house.portal import serving
from tests.support.requirements import ROOT

PAGES = sorted(
    path.stem for path in (ROOT / "pages").glob("*.py") if path.stem not in ("__init__", "portal")
)


WEBSOCKET = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}


def get(portal, path, **headers):
    """Status and place of the answer; redirects are not followed."""
    connection = HTTPConnection(portal.url.removeprefix("http://"), timeout=60)
    try:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.headers["location"]
    finally:
        connection.close()


def cookie_names(page):
    return {cookie["name"] for cookie in page.context.cookies()}


@pytest.fixture(scope="module")
def fresh(sqlite_databases, tmp_path_factory):
    """A server that nobody has signed in to."""
    with (
        sqlite_databases.like("seeded", factories.seed) as engine,
        serving(engine.url.render_as_string(), tmp_path_factory.mktemp("fresh")) as portal,
    ):
        yield portal


def test_operators_see_that_it_is_alive_and_ready(fresh):
    assert get(fresh, "/healthz") == (200, None)
    assert get(fresh, "/readyz") == (200, None)


def test_a_kept_connection_is_not_slower_than_new_ones(fresh):
    """With Nagle's algorithm on, each answer but the first waits 40 ms: 15 times as long.

    They take turns, so that other work on the machine holds up both alike.
    """
    kept = HTTPConnection(fresh.url.removeprefix("http://"), timeout=60)
    health_of(kept)
    pairs = [
        (seconds(lambda: health_of(kept)), seconds(lambda: get(fresh, "/healthz")))
        for _ in range(25)
    ]
    kept.close()
    on_kept, on_new = map(median, zip(*pairs, strict=True))
    assert on_kept < 5 * on_new


def health_of(connection):
    connection.request("GET", "/healthz")
    return connection.getresponse().read()


def seconds(work):
    begun = perf_counter()
    work()
    return perf_counter() - begun


@pytest.mark.parametrize("page", ["", "nowhere", *PAGES])
def test_a_first_visit_without_a_session_leads_to_the_login(fresh, page):
    assert get(fresh, f"/{page}", Accept="text/html") == (303, f"/login?next=/{page}")


@pytest.mark.parametrize("page", ["", *PAGES])
def test_a_forged_session_leads_to_the_login(fresh, page):
    answer = get(fresh, f"/{page}", Accept="text/html", Cookie="qi_session=forged")
    assert answer == (303, f"/login?next=/{page}")


@pytest.mark.parametrize(
    "path",
    ["/_stcore/host-config", "/_stcore/metrics", "/media/x.wav", "/_stcore/upload_file/a/b"],
)
def test_without_a_session_nothing_else_answers(fresh, path):
    assert get(fresh, path) == (401, None)


def test_a_websocket_without_a_session_is_refused(fresh):
    assert get(fresh, "/_stcore/stream", **WEBSOCKET) == (403, None)


def test_a_websocket_of_an_ended_session_is_accepted_to_show_the_way_back(fresh):
    assert get(fresh, "/_stcore/stream", **WEBSOCKET, Cookie="qi_session=old") == (101, None)


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1"])
def test_a_websocket_from_another_site_is_refused(fresh, origin):
    asked = get(fresh, "/_stcore/stream", **WEBSOCKET, Cookie="qi_session=old", Origin=origin)
    assert asked == (403, None)


@pytest.mark.parametrize("path", ["/media/x.wav", "/_stcore/upload_file/a/b", "/_stcore/metrics"])
def test_an_invented_session_opens_no_file(fresh, path):
    assert get(fresh, path, Cookie="qi_session=invented") == (401, None)


def test_a_wrong_password_says_nothing_about_the_account(page):
    for username in ("alice", "nobody"):
        page.goto("/login")
        page.fill("#username", username)
        page.fill("#password", "wrong")
        page.click("button[type=submit]")
        expect(page.get_by_role("alert")).to_have_text("User name or password is wrong.")
        assert "qi_session" not in cookie_names(page)


def test_the_session_cookie_is_out_of_the_pages_reach(page, sign_in):
    sign_in(page, "administrator")
    cookie = next(c for c in page.context.cookies() if c["name"] == "qi_session")
    assert cookie["httpOnly"]
    assert cookie["sameSite"] == "Lax"
    assert "qi_session" not in page.evaluate("document.cookie")


def test_reloading_and_deep_links_stay_signed_in(page, sign_in):
    sign_in(page, "administrator")
    for _ in range(2):
        expect(page.get_by_test_id("stSidebar")).to_be_visible()
        page.reload()
    page.goto("/people")
    expect(page.get_by_role("heading", name="People and stations")).to_be_visible()
    assert "/login" not in page.url


def test_a_page_that_the_role_does_not_open_is_said_to_be_out_of_reach(page, sign_in):
    sign_in(page, "alice")
    page.goto("/people")
    expect(page.get_by_text("does not exist, or your role does not open it.")).to_be_visible()
    expect(page.get_by_role("heading", name="My work")).to_be_visible()


def test_signing_out_closes_the_door(page, sign_in):
    sign_in(page, "administrator")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/login")
    page.goto("/")
    assert "/login" in page.url


def test_a_tab_left_open_shows_only_the_way_back(page, sign_in):
    sign_in(page, "administrator")
    expect(page.get_by_test_id("stSidebarNavLink").last).to_be_visible()
    other = page.context.new_page()
    other.goto("/")
    other.get_by_role("button", name="Sign out").click()
    other.wait_for_url("**/login")
    page.get_by_test_id("stSidebarNavLink").last.click()
    expect(page.get_by_text("You are signed out.")).to_be_visible()
    expect(page.get_by_role("link", name="Sign in")).to_be_visible()
    expect(page.get_by_role("button", name="Sign out")).to_have_count(0)
