"""Our scripts as the browser gets them: by digest, kept for ever, and nothing else of the disk."""

from __future__ import annotations

import json
import posixpath
import re

import pytest

from core.i18n import LANGUAGES
from pages.ui.kit import builtin_texts, modules
from tests.support.house.routes import signed_in

PAD = "inspection/pad/js/pad.js"
IMPORT = re.compile(r'^(?:import|export)\b[^;]*?from "([^"]+)";$', re.MULTILINE)


@pytest.fixture
def alice(client):
    signed_in(client, "alice")
    return client


def test_a_module_is_a_script_that_is_kept_for_ever(alice):
    answer = alice.get(modules.address(PAD))
    assert answer.status_code == 200
    assert answer.content == modules.modules()[PAD]
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_modules_of_another_version_are_not_there(alice):
    """Neither of an older portal nor of a newer one: a page must not mix the two."""
    for digest in ("0" * 16, modules.digest()[:-1], modules.digest().upper() + "0"):
        assert alice.get(f"/assets/modules/{digest}/{PAD}").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "",
        "kit",
        "kit/modules.py",
        "kit/nothing.js",
        "kit/%2e%2e/kit/texts.js",
        "../../web/once.js",
        "%2e%2e/%2e%2e/web/once.js",
        "..%2f..%2fweb%2fonce.js",
        "/etc/passwd",
        "%2fetc%2fpasswd",
        "inspection/pad/js/types.d.ts",
        "kit/texts.js%00",
    ],
)
def test_nothing_but_modules_is_there(alice, path):
    assert alice.get(f"/assets/modules/{modules.digest()}/{path}").status_code == 404


def test_the_digest_is_another_when_any_module_is(monkeypatch):
    every, digest = modules.modules(), modules.digest.__wrapped__
    seen = {digest()}
    for name in every:
        changed = every | {name: every[name] + b"\n"}
        monkeypatch.setattr(modules, "modules", lambda changed=changed: changed)
        seen.add(digest())
    monkeypatch.setattr(modules, "modules", lambda: every | {"kit/more.js": b""})
    assert len(seen | {digest()}) == len(every) + 2


@pytest.mark.parametrize("name", sorted(modules.modules()))
def test_what_a_module_imports_is_served_beside_it(name):
    imported = IMPORT.findall(modules.modules()[name].decode())
    assert all(path.startswith(".") for path in imported)
    places = {
        posixpath.normpath(posixpath.join(posixpath.dirname(name), each)) for each in imported
    }
    assert places <= set(modules.modules())


def test_a_component_says_in_every_language_when_its_modules_are_gone():
    entry = modules.entry(PAD)
    outdated = json.loads(re.search(r"outdated = (\{.*\});", entry)[1])
    assert json.dumps(modules.address(PAD)) in entry
    assert set(outdated) == {code.replace("_", "-") for code in LANGUAGES}
    assert len(set(outdated.values())) == len(LANGUAGES)


def test_the_built_in_texts_come_by_digest(alice):
    answer = alice.get("/assets/texts/zh_TW.json")
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.json() == json.loads(builtin_texts.dictionary("zh_TW"))
    assert answer.json()["Close"] == "關閉"
    assert alice.get("/assets/texts/fr.json").status_code == 404
