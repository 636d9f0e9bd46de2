"""A downloaded result proves its score and who issued it, without the portal."""

from __future__ import annotations

import json
import subprocess
from base64 import b64decode

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from core.__main__ import main
from core.checklist import parse_checklist
from core.results.proof import check, issue, read_keys, written_keys
from core.scoring import parse_answers, score
from tests.support.inspection.inspecting import NO, SMALL, answers

KEY, OTHER = (Ed25519PrivateKey.from_private_bytes(bytes([byte]) * 32) for byte in (1, 2))
ABOUT = {"inspection": 7, "encounter": "電話-1", "person": "YF10051"}


@pytest.fixture
def result():
    """Not HELLO: 80. Not HONEST: 65 before the cap at 50."""
    checklist, given = parse_checklist(SMALL), answers(HELLO=NO, HONEST=NO)
    sheet = score(checklist, parse_answers(checklist, given))
    issued = issue(ABOUT, checklist, given, sheet, KEY)
    return json.loads(json.dumps(issued, ensure_ascii=False, indent=1))


@pytest.fixture
def verify(tmp_path, capsys):
    """What `python -m core verify` answers: status, JSON, complaint."""

    def verified(result, keys=None):
        file, pem = tmp_path / "result.json", tmp_path / "keys.pem"
        file.write_text(result if isinstance(result, str) else json.dumps(result))
        pem.write_text(keys or "")
        status = main(["verify", str(file), *(["--keys", str(pem)] if keys is not None else [])])
        printed = capsys.readouterr()
        return status, json.loads(printed.out or "null"), printed.err

    return verified


def test_a_result_as_it_was_issued_holds(result, verify):
    status, answer, _complaint = verify(result, written_keys([OTHER, KEY]))
    assert (status, answer["holds"], answer["score"]) == (0, True, 50.0)
    assert (answer["unaltered"], answer["trusted"], answer["differences"]) == (True, True, [])


def test_without_keys_the_fingerprint_is_left_to_compare(result, verify):
    status, answer, _complaint = verify(result)
    assert (status, answer["trusted"]) == (0, None)
    assert f"# {answer['key']}\n" in written_keys([KEY])
    assert answer["key"] not in written_keys([OTHER])


def test_who_signs_anew_with_a_key_of_their_own_is_not_the_portal(result, verify):
    checklist = parse_checklist(SMALL)
    sheet = score(checklist, parse_answers(checklist, result["answers"]))
    forged = issue(ABOUT, checklist, result["answers"], sheet, OTHER)
    status, answer, _complaint = verify(forged, written_keys([KEY]))
    assert (status, answer["holds"], answer["unaltered"], answer["trusted"]) == (
        1,
        False,
        True,
        False,
    )


@pytest.mark.parametrize(
    ("change", "differences"),
    [
        (lambda r: r["sheet"].update(score=90.0), ["sheet.score"]),
        (lambda r: r["sheet"].update(score=None), ["sheet.score"]),
        (lambda r: r["sheet"].update(passed=True), ["sheet.passed"]),
        (lambda r: r["sheet"]["ledger"].pop(), ["sheet.ledger"]),
        (lambda r: r["sheet"].update(bonus=5), ["sheet.bonus"]),
        (lambda r: r["about"].update(person="YF10052"), []),
        (lambda r: r.update(remark="fine"), []),
    ],
    ids=["score", "no score", "passed", "ledger", "something more", "person", "remark"],
)
def test_what_was_changed_is_told(result, verify, change, differences):
    change(result)
    status, answer, _complaint = verify(result)
    assert (status, answer["holds"], answer["unaltered"]) == (1, False, False)
    assert answer["differences"] == differences


def test_a_changed_answer_no_longer_gives_the_stated_score(result, verify):
    """With HELLO kept, only HONEST caps: the score stays 50, the sheet does not."""
    result["answers"]["HELLO"] = {"value": "yes"}
    _status, answer, _complaint = verify(result)
    assert "sheet.score_before_critical" in answer["differences"]
    assert answer["unaltered"] is False


@pytest.mark.parametrize(
    "broken",
    ["", "[]", "{}", '{"format": "service quality result 1"}', "nonsense"],
)
def test_what_is_no_result_is_refused_with_one_sentence(verify, broken):
    status, answer, complaint = verify(broken)
    assert (status, answer) == (2, None)
    assert complaint.strip().count("\n") == 0
    assert "Traceback" not in complaint


@pytest.mark.parametrize("part", ["checklist", "answers", "signature"])
def test_a_part_that_is_missing_or_no_such_part_is_refused(result, verify, part):
    assert verify(result | {part: 3})[0] == 2
    del result[part]
    assert verify(result)[0] == 2


def test_a_file_without_keys_is_refused(result, verify):
    status, _answer, complaint = verify(result, "no key")
    assert (status, complaint) == (2, "The file holds no public key of a portal.\n")


def test_another_program_finds_the_signature_right(result, tmp_path):
    """OpenSSL checks the same bytes: all but the signature, keys sorted, without spaces, UTF-8."""
    signature = result.pop("signature")
    text = json.dumps(result, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    (tmp_path / "message").write_text(text, encoding="utf-8")
    (tmp_path / "signature").write_bytes(b64decode(signature["value"]))
    (tmp_path / "key.pem").write_text(written_keys([KEY]))
    files = ["-inkey", "key.pem", "-in", "message", "-sigfile", "signature"]
    command = ["openssl", "pkeyutl", "-verify", "-pubin", "-rawin", *files]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "Signature Verified Successfully" in done.stdout, done.stderr


def test_keys_are_read_as_they_are_written():
    written = written_keys([KEY, OTHER])
    read = [key.public_bytes_raw() for key in read_keys(written.encode())]
    assert read == [key.public_key().public_bytes_raw() for key in (KEY, OTHER)]


def test_checking_knows_the_numbers_of_other_writers(result):
    """JSON of a program that writes 50 for 50.0 still states the same score; the bytes differ."""
    result["sheet"]["score"] = 50
    verdict = check(result)
    assert (verdict.differences, verdict.unaltered) == ((), False)
