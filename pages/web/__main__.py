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
        engine = make_engine(settings.database_url)
        accounts = prepare.prepare(engine, settings)
        key = prepare.set_up_key(engine)
    except PortalError as error:
        sys.exit(str(error))
    print(f"\n  Service quality portal: {settings.address}\n")
    if accounts:
        print(prepare.account_table(accounts), end="\n\n")
    if key:
        print("  Nobody has an account yet. Make the first one within a day, with this link:")
        print(f"    {settings.address}/setup?key={key}\n")
    sys.stdout.flush()
    command = [sys.executable, "-m", "streamlit", "run", "app.py"]
    os.execv(  # noqa: S606  the server takes over this very process
        sys.executable,
        [*command, f"--server.port={settings.port}", f"--server.address={settings.host}"],
    )


if __name__ == "__main__":
    main()
