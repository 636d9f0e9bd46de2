"""The example of docs/import-api.md, run as it stands there, against the real portal."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess

from sqlalchemy import select

from db.encounters.models import Interaction
from db.machines.services import KINDS
from pages.web.machines import machine_files
from tests.support.house import portal as portals
from tests.support.machines.files import make_key
from tests.support.requirements import ROOT, need

PAGE = (ROOT / "docs/import-api.md").read_text(encoding="utf-8")


def block(language):
    found, *_ = re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    return found


def test_the_example_brings_the_calls_in_and_again_doubles_nothing(seeded_sqlite, tmp_path):
    need(shutil.which("curl"), "curl (apt-get install curl)")
    (tmp_path / "calls.csv").write_text(block("csv"), encoding="utf-8")
    database = seeded_sqlite.engine.url.render_as_string()
    with portals.serving(database, tmp_path) as portal:
        key = make_key(seeded_sqlite)
        (tmp_path / "key.txt").write_text(f"Authorization: Bearer {key}\n")
        first, again = (run(tmp_path, portal.url) for _ in range(2))
    shown = json.loads(block("json"))
    for varying in ("job", "all_refused"):
        assert first.pop(varying) != shown.pop(varying)
    assert first == shown
    assert again["counts"] == shown["counts"] | {"added": 0, "unchanged": 2}
    with seeded_sqlite.reading() as session:
        stored = session.scalars(select(Interaction.external_id).order_by(Interaction.id)).all()
    assert stored == ["call-1", "call-2"]
    assert "Traceback" not in portal.log.read_text()
    assert key not in portal.log.read_text()


def run(folder, address):
    environment = os.environ | {"PORTAL": address, "no_proxy": "*"}
    script = ["bash", "-c", block("bash")]
    done = subprocess.run(
        script, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)


def test_the_page_names_every_kind_and_every_status():
    assert re.search("`KIND` is `{}`, `{}`, `{}` or `{}`".format(*KINDS), PAGE)
    statuses = set(map(int, re.findall(r"^\| (\d{3}) \|", PAGE, re.MULTILINE)))
    assert statuses >= set(machine_files._STATUS.values())
