"""python -m core mask: every line a text of its own, each as long as before."""

from __future__ import annotations

import subprocess
import sys

import pytest

from core.__main__ import main
from tests.support.requirements import ROOT


def masked(capsysbinary, path):
    status = main(["mask", str(path)])
    printed = capsysbinary.readouterr()
    return status, printed.out.decode(), printed.err.decode()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("\n\n", "\n\n"),
        ("电话13812345678\n登机口A12\n", "电话███████████\n登机口A12\n"),
        ("no end 13812345678", "no end ███████████"),
        ("請問訂位代號？\nABCDEF\n", "請問訂位代號？\nABCDEF\n"),  # lines are no conversation
        ("\ufeffa\r\nb 13812345678\r\n", "\ufeffa\r\nb ███████████\r\n"),
        ("one\u2028line\x0b13812345678\x85\n", "one\u2028line\x0b███████████\x85\n"),
        ("😀手机138\u200b1234\u200b5678\n", "😀手机█████████████\n"),
    ],
)
def test_lines_keep_their_number_and_length(tmp_path, capsysbinary, text, expected):
    path = tmp_path / "lines.txt"
    path.write_bytes(text.encode())
    assert masked(capsysbinary, path) == (0, expected, "")


@pytest.mark.parametrize("content", [None, b"\xa4\xa4\xa4\xe5"])  # none; Big5
def test_a_file_that_cannot_be_read_is_one_sentence(tmp_path, capsysbinary, content):
    path = tmp_path / "lines.txt"
    if content is not None:
        path.write_bytes(content)
    assert masked(capsysbinary, path) == (2, "", "The file lines.txt cannot be read.\n")


def test_nothing_else_is_printed(tmp_path):
    path = tmp_path / "lines.txt"
    path.write_text("我叫王小明\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "core", "mask", str(path)], cwd=ROOT, capture_output=True, check=True
    )
    assert (done.stdout.decode(), done.stderr) == ("我叫███\n", b"")
