"""Settings, parsed once from the environment into a frozen object."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from core.errors import SettingError


class Settings(BaseModel):
    """Everything an operator may set; the defaults run the portal on one laptop.

    Each field is read from the environment variable of the same name in capitals.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    database_url: str = "sqlite:///var/portal.db"
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535)] = 8501
    var_dir: Path = Path("var")
    demo_accounts: bool = False
    public_url: str = ""
    session_hours: Annotated[float, Field(gt=0, le=24 * 30)] = 12
    session_idle_hours: Annotated[float, Field(gt=0, le=24 * 30)] = 4
    max_import_mb: Annotated[int, Field(ge=1, le=4096)] = 200

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

    backup_dir: Path | None = None
    nightly_backup: bool = True
    @classmethod
    def parse(cls, environment: Mapping[str, str]) -> Self:
        """Read the settings from a mapping such as ``os.environ``.

        Raises:
            SettingError: names the first wrong variable and what is wrong with it.
        """
        given = {
            name: environment[name.upper()]
            for name in cls.model_fields
            if environment.get(name.upper(), "") != ""
        }
        try:
            return cls.model_validate(given)
        except ValidationError as error:
            first = error.errors()[0]
            name = str(first["loc"][0]).upper()
            raise SettingError(
                "The setting {name}={value} is wrong: {problem}.",
                name=name,
                value=first["input"],
                problem=first["msg"].removeprefix("Value error, ").rstrip("."),
            ) from None

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach the portal."""
        return _is_loopback(self.host)

    @property
    def backups(self) -> Path:
        """Where backups go; best on another disk than the database."""
        return self.backup_dir or self.var_dir / "backups"

    @property
    def allows_demo_accounts(self) -> bool:
        """Demo accounts serve one laptop; beyond it only on request."""
        return self.is_loopback or self.demo_accounts

    @property
    def secure_cookies(self) -> bool:
        return self.public_url.startswith("https://")
