"""Text of others inside Markdown: it looks like itself, and nothing of it becomes anything else."""

from __future__ import annotations

import ast
import re

import pytest
from sqlalchemy import update

from core.access import PERMISSIONS, Role
from db.people.models import Staff, Station, User
from pages.ui import menus
from pages.ui.kit.messages import escape_markdown
from tests.factories import identity, make_user, make_version
from tests.support.inspection.inspecting import NO, SMALL, World
from tests.support.requirements import ROOT

# As remark-gfm finds addresses in what is left of a text when its signs were read, and Streamlit
# its pictures and arrows.
ADDRESS = re.compile(
    r"(?i)(https?://|www(?=\.))[-.\w]+[^ \t\r\n]*|[-.\w+]+@[-\w]+(?:\.[-\w]+)+",
)
PICTURE = re.compile(r":\+1:|:-1:|:[\w-]+:|:material/\w+:|:streamlit:")
ARROW = re.compile(r"(^|\s)(<->|->|<-|--|>=|<=|~=)(\s|$)")
READ_LATER = [
    "http://evil.example/qi",
    "see HTTPS://evil.example now",
    "www.evil.example",
    "(Www.evil.example)",
    "somebody@evil.example",
    "http://www.evil.example and a.b+c@evil.example",
    ":smile:",
    "a:+1::-1:b",
    ":material/home: at :streamlit:",
    ":100::tada:",
    "TPE -> KHH",
    "<- a <-> b -> c -- d >= e <= f ~=",
    "-> -> ->",
]


def seen(text):
    """The characters that are left when Markdown has taken the escapes away."""
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", escape_markdown(text))


@pytest.mark.parametrize("text", READ_LATER)
def test_what_is_read_after_the_signs_is_interrupted(text):
    later = [ADDRESS, PICTURE, ARROW]
    assert any(one.search(text) for one in later)
    assert not any(one.search(seen(text)) for one in later)
    assert seen(text).replace("\u2060", "") == text


@pytest.mark.parametrize(
    "text",
    [
        "**bold** _it_ ~~gone~~",
        "# Title",
        "<b>x</b> &amp;",
        "[a](b) ![c](d) [^1]",
        "1. One: two",
        "- one",
        "> said",
        "`code` $x^2$ $$y$$",
        ":red[x] :blue-badge[y]",
        "a | b",
        "back\\slash",
        "at 10:30 -> a-b >=5 --x",
    ],
)
def test_signs_are_shown_as_they_are(text):
    assert seen(text).replace("\u2060", "") == text
    assert not re.search(r"(?<!\\)(?:\\\\)*[*_#<&\[!`$|~]", escape_markdown(text))


def test_lines_become_one():
    assert escape_markdown("one\n\n  two") == "one two"


MARK = "*q* [l](http://evil.example) :red[r] :smile: $x$"
READ = {"body", "label", "help", "delta", "text"}


def texts_of(checklist):
    """A checklist as another system's form brings it: every text of it is the mark."""
    marked = {"en": MARK, "zh_TW": MARK, "zh_CN": MARK}
    sections = [
        section
        | {
            "title": marked,
            "items": [
                item | {"term": marked, "text": marked, "guidance": marked}
                for item in section["items"]
            ],
        }
        for section in checklist["sections"]
    ]
    return checklist | {"title": marked, "unit": marked, "sections": sections}


def read_as_markdown(block):
    """Every text of a page that Streamlit reads as Markdown, as it is sent."""
    for element in block.children.values():
        if hasattr(element, "children"):
            yield from read_as_markdown(element)
        proto = getattr(element, "proto", None)
        if proto is None:
            continue
        kind = proto.DESCRIPTOR.name
        for field, value in proto.ListFields():
            if field.name in READ and isinstance(value, str) and kind not in ("Text", "Code"):
                yield kind, value
            if field.name == "options" and kind == "Radio":
                yield from ((kind, each) for each in value)
            if field.name == "options" and kind == "ButtonGroup":
                yield from ((kind, each.content) for each in value)


def unescaped(app):
    found = [*read_as_markdown(app.main), *read_as_markdown(app.sidebar)]
    return [(kind, text) for kind, text in found if re.search(r"(?<!\\)\[l(?!\\)", text)]


@pytest.fixture
def marked(wired):
    """Everybody, every place and everything that is scored bears the mark as its name."""
    with wired.transaction() as session:
        make_version(session, texts_of(SMALL))
        for username, role in (("tina", Role.TRAINER), ("otto", Role.AUDITOR)):
            make_user(session, username, role)
    world = World(wired)
    world.scored(HELLO=NO)
    world.assigned()
    with wired.transaction() as session:
        session.execute(update(User).values(name=MARK))
        session.execute(update(Staff).values(name=MARK))
        session.execute(update(Station).values(name_en=MARK, name_zh_tw=MARK, name_zh_cn=MARK))
    return world


@pytest.mark.parametrize("username", ["administrator", "bob", "alice", "tina", "charlie", "otto"])
def test_names_and_forms_of_others_show_their_characters_on_every_page(marked, open_app, username):
    app = open_app(username).run()
    with marked.seeded.reading() as session:
        roles = identity(session, username).roles
    for entry in menus.entries():
        if any(entry.action in PERMISSIONS[role] for role in roles):
            app.switch_page(f"{entry.path}.py").run()
            assert list(app.exception) == [], entry.path
            assert unescaped(app) == [], entry.path


@pytest.mark.parametrize(
    ("username", "page", "address"),
    [
        ("bob", "station.py", {"station": "1"}),
        ("bob", "case.py", {"id": "1"}),
        ("bob", "checklists.py", {"version": "1"}),
        ("bob", "inspectors.py", {"inspector": "2"}),
        ("tina", "cases.py", {"case": "1"}),
        ("charlie", "my_results.py", {"case": "1"}),
    ],
)
def test_and_where_one_of_them_is_opened(marked, open_app, username, page, address):
    app = open_app(username).run()
    app.switch_page(page)
    for name, value in address.items():
        app.query_params[name] = value
    app.run()
    assert list(app.exception) == []
    assert unescaped(app) == []


CALLS = {
    "markdown", "caption", "title", "header", "subheader", "write", "info", "warning",
    "error", "success", "toast", "metric", "badge", "button", "expander", "popover",
    "checkbox", "toggle", "radio", "segmented_control", "pills", "link_button",
    "page_link", "form_submit_button", "download_button", "progress", "status",
    "spinner", "dialog", "tabs",
}  # fmt: skip
ARGUMENTS = {"label", "body", "help", "text"}
OF_OTHERS = {"name", "title", "username", "purpose", "owner", "case_no", "file_name", "trainer"}
SAYING = {"text_of", "text_here", "text_in", "item_name", "item_label", "section_label", "sentence"}
OURS = {  # texts of the portal's own: the library, the guide, a refusal that names nobody
    "pages/ui/checklists/library.py",
    "pages/ui/kit/auth.py",
    "pages/ui/kit/guide.py",
    "pages/ui/guide_view.py",
}


def unescaped_in(node):
    """What of others is said in an expression, outside of `escape_markdown`."""
    if isinstance(node, ast.Call) and ast.unparse(node.func) == "escape_markdown":
        return
    if isinstance(node, ast.Attribute) and node.attr in OF_OTHERS:
        yield ast.unparse(node)
    if isinstance(node, ast.Call) and ast.unparse(node.func) in SAYING:
        yield ast.unparse(node)
    if not isinstance(node, ast.Lambda):
        for child in ast.iter_child_nodes(node):
            yield from unescaped_in(child)


def said_by_pages():
    for path in sorted((ROOT / "pages").rglob("*.py")):
        name = str(path.relative_to(ROOT))
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in CALLS:
                for said in (
                    *node.args[:1],
                    *(k.value for k in node.keywords if k.arg in ARGUMENTS),
                ):
                    yield from ((name, each) for each in unescaped_in(said))


def test_no_text_of_others_goes_straight_into_markdown():
    """Straight into the call; what is put together before is tried on the pages themselves."""
    assert [(name, said) for name, said in said_by_pages() if name not in OURS] == []
