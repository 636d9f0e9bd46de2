"""A fragment reruns alone, without the page's guard: it finds out by itself who is looking."""

from __future__ import annotations

import ast

import pytest

from tests.support.requirements import ROOT

GUARDS = {"guard", "leave_if_over", "current_user"}


def fragments():
    for path in sorted((ROOT / "pages").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and any(map(_is_fragment, node.decorator_list)):
                yield pytest.param(node, id=f"{path.relative_to(ROOT)}:{node.name}")


def _is_fragment(decorator):
    return "fragment" in ast.unparse(decorator)


def _called(node):
    for call in ast.walk(node):
        if isinstance(call, ast.Call):
            yield ast.unparse(call.func).rpartition(".")[2]


@pytest.mark.parametrize("function", list(fragments()))
def test_it_looks_who_is_there(function):
    assert GUARDS & set(_called(function))


@pytest.mark.parametrize("function", list(fragments()))
def test_it_speaks_the_language_of_the_page(function):
    """Else it would be English from its second look on: a language is chosen for the page's run."""
    assert "use_language" in set(_called(function))
