"""`python -m pages.web`: check the settings, prepare the database, say where, serve."""

from __future__ import annotations

import os
import sys

from core.errors import PortalError
from db import prepare
from db.config import load_settings
from db.session import make_engine


def main() -> None:
    try:
        settings = load_settings()
        accounts = prepare.prepare(make_engine(settings.database_url), settings)
    except PortalError as error:
        sys.exit(str(error))
    address = settings.public_url or f"http://localhost:{settings.port}"
    print(f"\n  Service quality portal: {address}\n")
    if accounts:
        print(prepare.account_table(accounts), end="\n\n")
    sys.stdout.flush()
    command = [sys.executable, "-m", "streamlit", "run", "app.py"]
    os.execv(  # noqa: S606  the server takes over this very process
        sys.executable,
        [*command, f"--server.port={settings.port}", f"--server.address={settings.host}"],
    )


if __name__ == "__main__":
    main()
