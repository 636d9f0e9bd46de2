"""Our scripts: ES modules, served by pages.web.assets.

Their address holds a digest of them all, so that browsers keep them for ever and the imports
between them stay relative.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from html import escape
from pathlib import Path

from core.i18n import LANGUAGES, translations

_ROOT = Path(__file__).parents[1]
_ENTRY = """\
const address = new URL(%(address)s, location.origin);
const outdated = %(outdated)s;

export default async (component) => {
  const root = component.parentElement;
  const loaded = await import(address).catch((error) => console.error(error));
  root.querySelector(".outdated")?.remove();
  if (loaded) return loaded.default(component);
  const told = document.createElement("p");
  told.className = "outdated";
  told.setAttribute("role", "alert");
  told.textContent = outdated[document.documentElement.lang] ?? outdated.en;
  root.append(told);
};
"""


@cache
def modules() -> dict[str, bytes]:
    """Every module of the pages by its path in this room."""
    paths = sorted(_ROOT.rglob("*.js"))
    return {path.relative_to(_ROOT).as_posix(): path.read_bytes() for path in paths}


@cache
def digest() -> str:
    """Changes when any module changes."""
    written = json.dumps({name: content.decode() for name, content in modules().items()})
    return hashlib.sha256(written.encode()).hexdigest()[:16]


def address(name: str) -> str:
    assert name in modules(), name
    return f"/assets/modules/{digest()}/{name}"


def tag(name: str, **data: str) -> str:
    """What runs a module once in a page; it finds `data` at the element."""
    given = "".join(f' data-{key}="{escape(value)}"' for key, value in data.items())
    return f'<script type="module" src="{address(name)}"{given}></script>'


def entry(name: str) -> str:
    """What Streamlit runs of a component: it calls the module, or says to reload the page.

    While the portal is replaced a page may ask a process that has other modules than its own.
    """
    outdated = {
        code.replace("_", "-"): translations(code).gettext("This page is out of date. Reload it.")
        for code in LANGUAGES
    }
    return _ENTRY % {"address": json.dumps(address(name)), "outdated": json.dumps(outdated)}
