"""`python -m pages.web`: check the settings, prepare the database, say where, serve."""

from __future__ import annotations

import sys

from core.errors import PortalError
from db.store.config import load_settings
from db.store.session import make_engine
from db.upkeep import prepare


def main() -> None:
    try:
        settings = load_settings()
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


if __name__ == "__main__":
    main()
