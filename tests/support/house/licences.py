"""`make third-party` and `make lint-licences`: what the portal is made of, and on which terms.

Counted are the packages of requirements.txt and all that they bring along, as installed. The tools
of the tests are not passed on with the portal, so they are not counted.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import dataclass
from importlib.metadata import distribution

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.support.requirements import ROOT

FILE = ROOT / "THIRD-PARTY.md"
_WORDINGS = {
    "Apache Software License": "Apache-2.0",
    "Apache License 2.0": "Apache-2.0",
    "BSD License": "BSD-3-Clause",
    "3-Clause BSD License": "BSD-3-Clause",
    "MIT License": "MIT",
    "Python Software Foundation License": "PSF-2.0",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "GNU Lesser General Public License v2 or later (LGPLv2+)": "LGPL-2.1-or-later",
}
_LOOKED_UP = {"huey": "MIT"}
"""Packages whose own description names no licence: what the file LICENSE beside them says."""
PERMISSIVE = {
    *("0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "ISC", "MIT", "MIT-0"),
    *("MIT-CMU", "PSF-2.0", "Zlib"),
}
UNMODIFIED = {"LGPL-2.1-or-later", "LGPL-3.0-only", "MPL-2.0"}
"""Terms for changes of the library itself; we change none and pass each on as it came."""
_HEAD = """# Third-party software

What the portal stands on, as installed from requirements.txt on Linux with all that comes along,
made by `make third-party`. `make lint-licences` fails on a licence that is neither permissive
({permissive}) nor one of a library that is used unchanged ({unmodified}).

| package | licence | where it comes from |
|---|---|---|
"""


@dataclass(frozen=True)
class Package:
    """A package with its licence as an SPDX expression."""

    name: str
    licence: str
    home: str


def installed() -> list[Package]:
    """The packages of requirements.txt with all that they need, by name."""
    names = _needed()
    output = subprocess.run(
        (sys.executable, "-m", "piplicenses", "--from=mixed", "--format=json", "--with-urls"),
        capture_output=True,
        check=True,
        text=True,
    ).stdout
    rows = (row for row in json.loads(output) if canonicalize_name(row["Name"]) in names)
    return sorted(map(_package, rows), key=lambda package: package.name.lower())


def _package(row: dict[str, str]) -> Package:
    home = "" if row["URL"] == "UNKNOWN" else row["URL"]
    licence = _LOOKED_UP.get(row["Name"]) or expression(row["License"])
    return Package(name=row["Name"], licence=licence, home=home)


def _needed() -> set[str]:
    """The names of the packages of requirements.txt and of all that they need on this machine."""
    lines = (ROOT / "requirements.txt").read_text().splitlines()
    open_ones = [Requirement(line) for line in lines if line and not line.startswith("#")]
    done: set[tuple[str, frozenset[str]]] = set()
    while open_ones:
        requirement = open_ones.pop()
        known = canonicalize_name(requirement.name), frozenset(requirement.extras)
        if known in done or (requirement.marker and not requirement.marker.evaluate()):
            continue
        done.add(known)
        for needed in map(Requirement, distribution(requirement.name).requires or ()):
            extras = {"", *requirement.extras}
            if not needed.marker or any(needed.marker.evaluate({"extra": e}) for e in extras):
                needed.marker = None
                open_ones.append(needed)
    return {name for name, _extras in done}


def expression(wording: str) -> str:
    """An SPDX expression for what a package says, several classifiers joined by AND."""
    parts = (part.strip() for part in wording.split(";"))
    return " AND ".join(_WORDINGS.get(part, part) for part in parts)


def is_allowed(licence: str) -> bool:
    """Whether everything joined by AND is allowed, of what is joined by OR at least one."""
    allowed = PERMISSIVE | UNMODIFIED
    return all(
        any(choice.strip(" ()") in allowed for choice in part.split(" OR "))
        for part in re.split(r" AND ", licence)
    )


def page(packages: list[Package]) -> str:
    head = _HEAD.format(
        permissive=", ".join(sorted(PERMISSIVE)), unmodified=", ".join(sorted(UNMODIFIED))
    )
    rows = (f"| {package.name} | {package.licence} | {package.home} |" for package in packages)
    return head + "\n".join(rows) + "\n"


def check() -> int:
    """Exit status 1 where a licence is not allowed or THIRD-PARTY.md names another set."""
    packages = installed()
    refused = [package for package in packages if not is_allowed(package.licence)]
    for package in refused:
        print(f"{package.name}: {package.licence} is not among the licences of {__file__}")
    listed = dict(re.findall(r"^\| (\S+) \| ([^|]+) \|", FILE.read_text(), re.MULTILINE))
    changed = [package.name for package in packages if listed.get(package.name) != package.licence]
    if changed:
        print(f"THIRD-PARTY.md does not name: {', '.join(changed)}. Run: make third-party")
    return 1 if refused or changed else 0


if __name__ == "__main__":
    if "--check" in sys.argv:
        sys.exit(check())
    FILE.write_text(page(installed()))
