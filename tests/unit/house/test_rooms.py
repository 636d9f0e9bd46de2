"""The rooms of the house: who may import whom, and how a page begins."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

from tests.support.requirements import ROOT

CODE = [
    ROOT / "app.py",
    *(path for room in ("core", "db", "pages") for path in (ROOT / room).rglob("*.py")),
]
PAGES = sorted(
    {*(ROOT / "pages").glob("*.py")} - {ROOT / "pages/portal.py", ROOT / "pages/__init__.py"}
)


def test_import_contracts_hold(monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    status = lint_imports(no_cache=True)
    assert status == EXIT_STATUS_SUCCESS, capsys.readouterr().out


def test_the_contracts_see_every_room():
    """A folder without __init__.py would be invisible to them; migrations are only run."""
    folders = {path.parent for path in CODE} - {ROOT, ROOT / "db/migrations/versions"}
    assert {folder for folder in folders if not (folder / "__init__.py").exists()} == set()


def test_the_server_knows_only_streamlit_and_the_web_routes():
    assert set(_imported(ROOT / "app.py")) <= {
        "streamlit",
        "starlette.middleware",
        "pages.web.gate",
        "pages.web.lifespan",
        "pages.web.availability",
        "pages.web.routes",
    }


def test_the_server_is_a_literal_that_streamlit_finds():
    calls = [
        node.value
        for node in ast.parse((ROOT / "app.py").read_text()).body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call)
    ]
    assert [ast.unparse(call.func) for call in calls] == ["st.App"]
    assert ast.literal_eval(calls[0].args[0]) == "pages/portal.py"


def test_only_db_and_the_wiring_import_sqlalchemy():
    users = {path for path in CODE if any(_is_of("sqlalchemy", name) for name in _imported(path))}
    outside = {path.relative_to(ROOT) for path in users if ROOT / "db" not in path.parents}
    assert outside <= {Path("pages/ui/kit/wiring.py")}


def test_no_page_reads_another_page():
    names = {f"pages.{path.stem}" for path in PAGES}
    readers = [path.name for path in PAGES if names & set(_imported(path))]
    assert readers == []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_page_begins_with_its_guard(path: Path):
    body = ast.parse(path.read_text()).body
    work = [node for node in body if not _is_preamble(node)]
    first = ast.unparse(work[0]).removeprefix("who = ")
    assert first.startswith("guard(Action."), first


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            yield node.module or ""


def _is_of(package: str, name: str) -> bool:
    return name == package or name.startswith(f"{package}.")


def _is_preamble(node: ast.stmt) -> bool:
    """What may stand before the guard because it does nothing: docstring, imports, definitions."""
    return isinstance(node, ast.Import | ast.ImportFrom | ast.FunctionDef | ast.ClassDef) or (
        isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    )


def test_one_module_keeps_fields_in_the_address():
    """No field is bound by Streamlit, which writes words, and no other module writes one back."""
    binding, writing = [], []
    for path in sorted((ROOT / "pages").rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        handlers = {
            keyword.value.id
            for call in ast.walk(tree)
            if isinstance(call, ast.Call)
            for keyword in call.keywords
            if keyword.arg == "on_change" and isinstance(keyword.value, ast.Name)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.keyword) and node.arg == "bind":
                binding.append(path.name)
            handles = isinstance(node, ast.FunctionDef) and node.name in handlers
            if handles and "st.query_params" in ast.unparse(node):
                writing.append(str(path.relative_to(ROOT)))
    assert binding == []
    assert writing == []  # pages/ui/kit/address.py writes for all
