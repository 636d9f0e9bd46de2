"""Nothing but `db/store/files.py` opens a file of the portal, nothing but `db/jobs` its queue.

A path below VAR_DIR can only be made from the setting, so whoever has it is looked at; whoever
writes any file at all stands here with the reason why it is none of the portal's.
"""

from __future__ import annotations

import ast
import re
from enum import StrEnum
from pathlib import Path

import pytest

from tests.support.requirements import ROOT

ROOMS = ("core", "db", "pages")
HANDED_ON = {
    "FolderFiles",
    "add_secret",
    "begin_change",
    "go_on",
    "key_file",
    "keys_for",
    "load_keys",
    "stored_keys",
    "take",
    "take_over",
}
"""Who may be handed the folder: the seam, and what reads or makes the key in it."""
WITH_THE_FOLDER = {
    "core/settings.py": "the setting itself, and the default of BACKUP_DIR",
    "db/jobs/engine.py": "the file of the embedded queue",
    "db/store/keys.py": "the key, which is made once and read before anything else",
}


class Reason(StrEnum):
    """Why a module writes files by itself."""

    SEAM = "it is the seam"
    KEY = "the key stands apart from all other files"
    QUEUE = "the folder of the embedded queue"
    DATABASE = "the database, or a copy of it for a while"
    BACKUP = "the operator's folder of backups, which is read without the portal"
    OPERATOR = "the operator named the file at the command line"
    SCRATCH = "a temporary folder, gone with the block"
    HANDED = "a path that the seam has handed out"
    MEMORY = "a file in memory, which the seam stores"


WRITING = {
    "core/prescore/__main__.py": Reason.OPERATOR,
    "db/checklists/files.py": Reason.SCRATCH,
    "db/cli/file_exchange.py": Reason.OPERATOR,
    "db/cli/recordings.py": Reason.OPERATOR,
    "db/cli/safekeeping.py": Reason.OPERATOR,
    "db/demo/evidence.py": Reason.MEMORY,
    "db/importing/journal.py": Reason.HANDED,
    "db/importing/recordings/taking_in.py": Reason.HANDED,
    "db/inspection/observation_workbook_reading.py": Reason.SCRATCH,
    "db/jobs/engine.py": Reason.QUEUE,
    "db/migrations/migrate.py": Reason.DATABASE,
    "db/safekeeping/backups/archive.py": Reason.BACKUP,
    "db/safekeeping/backups/backup.py": Reason.BACKUP,
    "db/safekeeping/backups/dumps.py": Reason.BACKUP,
    "db/safekeeping/erasure_traces.py": Reason.BACKUP,
    "db/store/files.py": Reason.SEAM,
    "db/store/keys.py": Reason.KEY,
    "db/store/session.py": Reason.DATABASE,
    "pages/ui/training/run_results.py": Reason.SCRATCH,
}
CHANGING = {
    "mkdir",
    "rename",
    "rmdir",
    "symlink_to",
    "touch",
    "unlink",
    "write_bytes",
    "write_text",
}
"""Methods of paths that leave something changed on disk."""
STORES = {"dbm", "fsspec", "huey", "shelve"}
"""Libraries that keep files or queues by themselves."""
STORING = {"db/jobs/engine.py"}


def modules(root):
    for room in ROOMS:
        for path in sorted((root / room).rglob("*.py")):
            yield path.relative_to(root).as_posix(), ast.parse(path.read_text("utf-8"))


def with_the_folder(tree):
    """Lines on which the folder is used for anything but being handed on."""
    fine = {
        id(argument)
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and _name(call.func) in HANDED_ON
        for argument in (*call.args, *(keyword.value for keyword in call.keywords))
    }
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Name | ast.Attribute)
        and _name(node) == "var_dir"
        and id(node) not in fine
    ]


def writes(tree):
    """Lines on which something on disk is changed."""
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and (_changes(node) or _opens_to_write(node))
    ]


def _changes(call):
    if not isinstance(call.func, ast.Attribute):
        return False
    owner = ast.unparse(call.func.value)
    if owner in {"shutil", "os"}:
        return _is_of_files(call)
    return call.func.attr in CHANGING and len(call.args) < 2


def _is_of_files(call):
    return _name(call.func) in {
        "copy",
        "copyfile",
        "copytree",
        "makedirs",
        "move",
        "open",
        "remove",
        "replace",
        "rmtree",
        "unlink",
    }


def _opens_to_write(call):
    if _name(call.func) != "open":
        return False
    values = [*call.args, *(keyword.value for keyword in call.keywords)]
    modes = [value.value for value in values if isinstance(value, ast.Constant)]
    return any(re.fullmatch("[rbt]*[wax+][bt+]*", str(mode)) for mode in modes)


def imports(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield (node.module or "").partition(".")[0]


def _name(node):
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def test_nobody_makes_a_path_below_the_portals_folder():
    used = {name for name, tree in modules(ROOT) if with_the_folder(tree)}
    assert used == set(WITH_THE_FOLDER)


def test_whoever_writes_files_has_a_reason_and_a_reason_its_module():
    assert {name for name, tree in modules(ROOT) if writes(tree)} == set(WRITING)


def test_what_keeps_a_queue_by_itself_is_used_behind_the_seam_alone():
    assert {name for name, tree in modules(ROOT) if STORES & set(imports(tree))} == STORING


@pytest.mark.parametrize(
    "code",
    [
        "path = settings.var_dir / 'imports'",
        "for path in var_dir.glob('*'): pass",
        "name = f'{settings().var_dir}/photos'",
        "path = Path(wiring.settings().var_dir, 'uploads')",
        "folder = settings.var_dir",
    ],
)
def test_a_path_that_is_made_by_hand_is_seen(code):
    assert with_the_folder(ast.parse(code)) == [1]


@pytest.mark.parametrize(
    "code",
    ["keys_for(engine, settings.var_dir)", "FolderFiles(var_dir)", "def of(var_dir: Path): ..."],
)
def test_handing_the_folder_to_the_seam_is_fine(code):
    assert with_the_folder(ast.parse(code)) == []


@pytest.mark.parametrize(
    ("code", "is_seen"),
    [
        ("path.write_text('x')", True),
        ("path.open('wb')", True),
        ("open(path, mode='a')", True),
        ("path.parent.mkdir()", True),
        ("shutil.copyfile(one, two)", True),
        ("os.replace(one, two)", True),
        ("path.open('rb')", False),
        ("Image.open(file)", False),
        ("archive.open('content.xml')", False),
        ("text.replace('a', 'b')", False),
        ("copy.copy(row)", False),
    ],
)
def test_writing_is_told_from_reading(code, is_seen):
    assert bool(writes(ast.parse(code))) == is_seen


def test_the_reasons_are_said_of_modules_that_are_there():
    names = {*WRITING, *WITH_THE_FOLDER, *STORING}
    assert [name for name in names if not Path(ROOT, name).exists()] == []
