"""A portal that is killed without warning and started again at the same address."""

from __future__ import annotations

import os
import subprocess
import sys

from tests.support.house.portal import Portal, free_port, wait_until_ready
from tests.support.requirements import ROOT


class FragilePortal:
    def __init__(self, database_url, folder, log="fragile.log"):
        self.port = free_port()
        self.portal = Portal(f"http://127.0.0.1:{self.port}", folder / log)
        self.environment = {
            **os.environ,
            "DATABASE_URL": database_url,
            "VAR_DIR": str(folder),
            "HOST": "127.0.0.1",
            "PORT": str(self.port),
            "PUBLIC_URL": "",
        }

    @property
    def url(self):
        return self.portal.url

    def start(self):
        self.begin()
        wait_until_ready(self.portal, self.process)

    def begin(self):
        """Start the process, and wait for nothing."""
        with self.portal.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "pages.web"],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
            )

    def kill(self):
        """As when the power fails: SIGKILL."""
        self.process.kill()
        self.process.wait()
