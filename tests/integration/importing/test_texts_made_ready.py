"""Texts are made ready in other processes, as alone, and none of these outlives the import."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from time import monotonic, sleep

from core.encounters.prepared_texts import ClearTexts, each_prepared
from db.importing.batches.preparing import Preparing
from tests.support.requirements import ROOT

SAID = "您好，我的电话是13812345678，请问行李在哪里？"


def clear(*texts):
    return ClearTexts(texts, {"note": f"Reach me at 13812345678, {texts[0]}"})


def test_what_is_made_ready_in_other_processes_is_the_same():
    texts = [clear(f"Ms. Alice Wong calls {number}", SAID) for number in range(25)]
    with Preparing(processes=2, worth=0) as preparing:
        assert preparing.begin(texts)() == each_prepared(texts)
        assert preparing._pool is not None


def test_few_texts_start_no_process():
    with Preparing(processes=2, worth=1_000) as preparing:
        preparing.begin([clear("a" * 999)])()
        assert preparing._pool is None
        preparing.begin([clear("a")])()
        assert preparing._pool is not None


def test_where_the_processes_die_the_import_goes_on_alone():
    texts = [clear(f"Call 1381234567{number}") for number in range(8)]
    with Preparing(processes=2, worth=0) as preparing:
        preparing.begin(texts)()
        for process in preparing._pool._processes.values():
            os.kill(process.pid, signal.SIGKILL)
        for _ in range(2):
            assert preparing.begin(texts)() == each_prepared(texts)


BEGINNING = """
import time
from core.encounters.prepared_texts import ClearTexts
from db.importing.batches.preparing import Preparing
if __name__ == "__main__":
    preparing = Preparing(processes=2, worth=0)
    preparing.begin([ClearTexts(("One",), {}), ClearTexts(("Two",), {})])()
    print(*preparing._pool._processes, flush=True)
    time.sleep(60)
"""


def test_no_process_outlives_an_import_that_is_killed(tmp_path):
    program = tmp_path / "beginning.py"
    program.write_text(BEGINNING)
    process = subprocess.Popen(
        [sys.executable, str(program)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    workers = [int(pid) for pid in process.stdout.readline().split()]
    assert workers
    process.kill()
    process.wait()
    process.stdout.close()
    last = monotonic() + 20
    while any(map(_lives, workers)) and monotonic() < last:
        sleep(0.05)
    assert not any(map(_lives, workers))


def _lives(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
