"""The same files by the command line, the page and the address for other systems."""

from __future__ import annotations

import csv
from urllib.parse import urlencode

import pytest

from db.__main__ import main
from tests.support.house.routes import portal_client
from tests.support.importing.files import csv_of
from tests.support.importing.jobs import OwnImport, uploaded
from tests.support.importing.others_files import FOLDER, NAMES, expected, make_stations
from tests.support.importing.others_files import stored as stored_rows
from tests.support.machines.files import finished, hand_in, make_key, quick_jobs

HANDED_IN = [name for name in NAMES if name[0].isdigit()]
OWN = [name for name in NAMES if not name[0].isdigit()]
NO_JOURNAL = "Nothing was imported yet."
NOT_OFFERED = "The page does not offer this choice, such as a sheet that is not there."


@pytest.fixture(autouse=True)
def office(wired, monkeypatch):
    make_stations(wired.engine)
    with quick_jobs(monkeypatch):
        yield wired


class Ways:
    """Each imports a file and gives what was refused, or the sentence that refuses it whole."""

    def __init__(self, wired, open_app, folder, capsys):
        self.wired, self.open_app, self.folder, self.capsys = wired, open_app, folder, capsys

    def command(self, kind, content, options=()):
        path, refused = self.folder / "rows", self.folder / "refused.csv"
        path.write_bytes(content)
        refused.unlink(missing_ok=True)
        chosen = [
            word
            for name, value in dict(options).items()
            for each in (value if isinstance(value, list) else [value])
            for word in (f"--{name.replace('_', '-')}", str(each))
        ]
        status = main(["import", kind, str(path), "--refused", str(refused), *chosen])
        told = self.capsys.readouterr().err
        lines = refused.read_text("utf-8-sig").splitlines() if refused.exists() else []
        rows = [[int(row[0]), row[1]] for row in list(csv.reader(lines))[1:]]
        return rows, told.strip() if status == 2 and not rows else ""

    def page(self, kind, content, options=()):
        uploaded(self.wired.administrator, content, "rows")
        app = self.open_app("administrator").run()
        app.switch_page("imports.py").run()
        app.get_by_key("import_kind").set_value(kind).run()
        for name, value in dict(options).items():
            fields = (*app.selectbox, *app.number_input, *app.multiselect)
            [field] = [each for each in fields if str(each.key).endswith(f"_{name}")]
            if name == "sheet" and value not in field.options:
                return [], NOT_OFFERED
            field.set_value(value).run()
        start = [each for each in app.button if (each.key or "").startswith("start_import")]
        if not start or start[0].disabled:
            told = [text.value.replace("\\", "") for text in (app.error or app.caption)]
            return [], [text for text in told if not text.startswith(NO_JOURNAL)][-1]
        start[0].click().run()
        OwnImport(self.wired.administrator).wait()
        app.run()
        assert not app.exception
        if app.error:
            return [], app.error[0].value
        tables = [table.value for table in app.table if "Reason" in table.value]
        rows = tables[0].to_dict("records") if tables else []
        return [[row["Line"], row["Column"].replace("\\", "").replace("—", "")] for row in rows], ""

    def address(self, kind, content, options=()):
        key, client = make_key(self.wired), portal_client()
        words = {name.replace("_", "-"): value for name, value in dict(options).items()}
        query = f"?{urlencode(words, doseq=True)}" if words else ""
        answer = hand_in(client, key, content, kind, query)
        if answer.status_code != 202:
            return [], answer.json()["error"]
        told = finished(client, key, answer)
        if told["state"] == "failed":
            return [], told["error"]
        assert told["state"] == "finished"
        return [[row["row"], row["column"]] for row in told["refused"]], ""


@pytest.fixture
def ways(wired, open_app, tmp_path, capsys):
    return Ways(wired, open_app, tmp_path, capsys)


@pytest.mark.parametrize("way", ["command", "page", "address"])
@pytest.mark.parametrize("name", HANDED_IN)
def test_a_file_gives_the_same_rows_or_the_same_sentence(ways, way, name):
    check(ways, way, name)


@pytest.mark.sampled(8)
@pytest.mark.parametrize("way", ["command", "page", "address"])
@pytest.mark.parametrize("name", OWN)
def test_files_of_our_own_do_so_too(ways, way, name):
    check(ways, way, name)


def check(ways, way, name):
    """What comes of a file by one way is what stands beside it, with the choices it wants."""
    told = expected(name)
    before = stored_rows(ways.wired.engine, told.kind)
    content = (FOLDER / name).read_bytes()
    refused, sentence = getattr(ways, way)(told.kind, content, told.options)
    after = stored_rows(ways.wired.engine, told.kind)
    assert refused == told.refused
    if sentence == NOT_OFFERED:
        assert told.unreadable
    else:
        assert sentence.startswith(told.unreadable) if told.unreadable else not sentence
    assert {key: {c: after[key][c] for c in row} for key, row in told.stored.items()} == told.stored
    changed = {key for key, row in after.items() if before.get(key) != row}
    assert changed <= told.stored.keys()


@pytest.mark.parametrize("way", ["command", "page", "address"])
def test_what_takes_much_is_not_written_by_any_way(ways, way):
    """Names cut off after two letters, of 12 people: much more than a tenth."""
    team = [{"staff_no": f"P{n}", "name": f"Wu Mei {n}", "station_code": "PEK"} for n in range(12)]
    ways.command("staff", csv_of(*team))
    before = stored_rows(ways.wired.engine, "staff")
    shorter = csv_of(*({"staff_no": f"P{n}", "name": "Wu"} for n in range(12)))
    if way == "address":
        answer = hand_in(portal_client(), key := make_key(ways.wired), shorter, "staff")
        assert finished(portal_client(), key, answer)["state"] == "waiting"
    elif way == "page":
        ways.page("staff", shorter)
        assert OwnImport(ways.wired.administrator).state().held
    else:
        assert "name (12)" in ways.command("staff", shorter)[1]
    assert stored_rows(ways.wired.engine, "staff") == before
