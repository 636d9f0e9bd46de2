"""`python -m pages.web`: check the settings, prepare the database, say where, serve."""

from __future__ import annotations

import os
import socket
import sys

from core.errors import PortalError, SettingError
from core.settings import Settings
from db.store.config import PORTAL, load_settings
from db.store.session import make_engine
from db.upkeep import prepare


def main() -> None:
    os.chdir(PORTAL)  # where Streamlit looks for app.py and its own settings
    try:
        settings = load_settings()
        _check_port(settings)
        engine = make_engine(settings.database_url)
        accounts = prepare.prepare(engine, settings)
        key = prepare.set_up_key(engine)
        engine.dispose()
    except PortalError as error:
        print(error, file=sys.stderr)
        sys.exit(2)
    print(f"\n  Service quality portal: {settings.address}\n")
    if accounts:
        print(prepare.account_table(accounts), end="\n\n")
    if key:
        print("  Nobody has an account yet. Make the first one within a day, with this link:")
        print(f"    {settings.address}/setup?key={key}\n")
    sys.stdout.flush()
    from streamlit.web import cli  # noqa: PLC0415  what is wrong is said before this loads

    address = [f"--server.port={settings.port}", f"--server.address={settings.host}"]
    cli.main(["run", "app.py", *address], prog_name="streamlit")


def _check_port(settings: Settings) -> None:
    """Say before anything else that somebody listens already: nothing was prepared then.

    Raises:
        SettingError: the port is taken, or the address is none of this machine.
    """
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise SettingError(
                "Nobody can listen at HOST={host} and PORT={port}: {problem}.",
                host=settings.host,
                port=settings.port,
                problem=(error.strerror or str(error)).lower(),
            ) from error


if __name__ == "__main__":
    main()
