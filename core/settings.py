"""Settings, parsed once from the environment into a frozen object."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from core.access import PEOPLE, Role
from core.encounters.sound_addresses import SoundHosts, sound_hosts
from core.errors import SettingError

_SQLITE = "sqlite:///"
_PASSWORD = re.compile(r"//[^/]*@")


def _from_json(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        msg = 'must be JSON such as {"claim value": "inspector"}'
        raise ValueError(msg) from None


class Settings(BaseModel):
    """Everything an operator may set; the defaults run the portal on one laptop.

    Each field is read from the environment variable of the same name in capitals.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    database_url: str = "sqlite:///var/portal.db"
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535)] = 8501
    var_dir: Path = Path("var")
    demo: bool = True
    demo_accounts: bool = False
    public_url: str = ""
    session_hours: Annotated[float, Field(gt=0, le=24 * 30)] = 12
    session_idle_hours: Annotated[float, Field(gt=0, le=24 * 30)] = 4
    backup_dir: str = ""
    nightly_backup: bool = True
    recall_minutes: Annotated[int, Field(ge=0, le=1440)] = 10
    max_import_mb: Annotated[int, Field(ge=1, le=4096)] = 200
    recording_hosts: str = ""
    recording_hosts_inside: str = ""
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: Annotated[str, Field(repr=False)] = ""
    oidc_name: str = ""
    oidc_username_claim: str = "preferred_username"
    oidc_roles_claim: str = ""
    oidc_roles: Annotated[dict[str, Role], BeforeValidator(_from_json)] = Field(
        default_factory=dict
    )

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        if value.startswith("postgres://"):
            value = "postgresql://" + value.removeprefix("postgres://")
        if value.startswith("postgresql://"):
            value = "postgresql+psycopg://" + value.removeprefix("postgresql://")
        if not value.startswith(("sqlite:///", "postgresql+psycopg://")):
            msg = "must begin with sqlite:/// or postgresql://"
            raise ValueError(msg)
        return value

    @field_validator("public_url")
    @classmethod
    def _web_address(cls, value: str) -> str:
        if value and not value.startswith(("http://", "https://")):
            msg = "must begin with http:// or https://"
            raise ValueError(msg)
        return value.rstrip("/")

    @field_validator("recording_hosts", "recording_hosts_inside")
    @classmethod
    def _known_hosts(cls, value: str) -> str:
        sound_hosts(value, "")
        return value

    def __hash__(self) -> int:
        """Settings are a key of caches although they hold a mapping."""
        return hash((self.database_url, self.var_dir))

    @field_validator("oidc_issuer")
    @classmethod
    def _safe_issuer(cls, value: str) -> str:
        host = urlsplit(value).hostname or ""
        if value and not value.startswith("https://") and not _is_loopback(host):
            msg = "must begin with https://"
            raise ValueError(msg)
        return value.rstrip("/")

    @field_validator("oidc_roles")
    @classmethod
    def _roles_of_people(cls, value: dict[str, Role]) -> dict[str, Role]:
        if not set(value.values()) <= set(PEOPLE):
            msg = "a service account does not sign in"
            raise ValueError(msg)
        return value

    @model_validator(mode="after")
    def _whole_provider(self) -> Self:
        if self.oidc_issuer and not self.oidc_client_id:
            msg = "OIDC_ISSUER needs OIDC_CLIENT_ID beside it"
            raise ValueError(msg)
        if self.oidc_issuer and not (self.public_url or self.is_loopback):
            msg = "OIDC_ISSUER needs PUBLIC_URL beside it"
            raise ValueError(msg)
        return self

    @classmethod
    def parse(cls, environment: Mapping[str, str]) -> Self:
        """Read the settings from a mapping such as ``os.environ``.

        Raises:
            SettingError: names the first wrong variable and what is wrong with it.
        """
        values = {
            name: environment[name.upper()]
            for name in cls.model_fields
            if environment.get(name.upper(), "") != ""
        }
        try:
            return cls.model_validate(values)
        except ValidationError as error:
            first = error.errors()[0]
            if not first["loc"]:
                problem = first["msg"].removeprefix("Value error, ")
                raise SettingError("{problem}.", problem=problem) from None
            name = str(first["loc"][0]).upper()
            raise SettingError(
                "The setting {name}={value} is wrong: {problem}.",
                name=name,
                value=_PASSWORD.sub("//…@", str(first["input"])),
                problem=first["msg"].removeprefix("Value error, ").rstrip("."),
            ) from None

    def below(self, folder: Path) -> Self:
        """The same, with relative paths read from a folder instead of the current one."""
        url, backups = self.database_url, self.backup_dir
        file = url.removeprefix(_SQLITE)
        if file != url and file and not file.startswith(("/", ":", "file:")):
            url = _SQLITE + str(folder / file)
        return self.model_copy(
            update={
                "database_url": url,
                "var_dir": folder / self.var_dir,
                "backup_dir": str(folder / backups) if backups else "",
            }
        )

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach the portal."""
        return _is_loopback(self.host)

    @property
    def backups(self) -> Path:
        """Where backups go; best on another disk than the database."""
        return Path(self.backup_dir) if self.backup_dir else self.var_dir / "backups"

    @property
    def allows_demo_accounts(self) -> bool:
        """Demo accounts serve one laptop; beyond it only on request."""
        return self.demo and (self.is_loopback or self.demo_accounts)

    @property
    def address(self) -> str:
        """Where people find the portal."""
        return self.public_url or f"http://localhost:{self.port}"

    @property
    def hosts(self) -> frozenset[str]:
        """The names under which the portal answers; none means whatever the network calls it."""
        if not (self.public_url or self.is_loopback):
            return frozenset()
        own = (f"{name}:{self.port}" for name in ("localhost", "127.0.0.1", "[::1]"))
        return frozenset({urlsplit(self.public_url).netloc.lower(), *own} - {""})

    @property
    def sound_hosts(self) -> SoundHosts:
        """The other hosts from which recordings are played."""
        return sound_hosts(self.recording_hosts, self.recording_hosts_inside)

    @property
    def secure_cookies(self) -> bool:
        return self.public_url.startswith("https://")


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
