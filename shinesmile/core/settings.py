"""Every setting of the program, read once from the environment or `.env` and checked."""

import os
import secrets
import sys
import tempfile
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

ROOT = Path(__file__).resolve().parents[2]
ENV_FILE = ROOT / ".env"
DATA = ROOT / "data"
SHORTEST_SECRET = 32

DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "sqlite+aiosqlite": "sqlite+aiosqlite",
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
}


def _switch(value: Any) -> Any:
    if isinstance(value, str):
        if value.lower() not in {"on", "off"}:
            raise ValueError("must be on or off")
        return value.lower() == "on"
    return value


def _database(value: str) -> str:
    scheme, separator, rest = value.partition("://")
    if not separator or scheme not in DRIVERS:
        raise ValueError("must start with sqlite:/// or postgresql://")
    return f"{DRIVERS[scheme]}://{rest}"


def _address_of(*schemes: str) -> BeforeValidator:
    def check(value: Any) -> Any:
        if isinstance(value, str):
            address = urlsplit(value)
            if address.scheme not in schemes or not address.hostname:
                raise ValueError(f"must be an address that starts with {schemes[0]}://")
            return value.rstrip("/")
        return value

    return BeforeValidator(check)


def _origins(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    origins = tuple(part.strip().rstrip("/") for part in value.split(",") if part.strip())
    for origin in origins:
        address = urlsplit(origin)
        if address.scheme not in {"http", "https"} or not address.netloc or address.path:
            raise ValueError("must list origins such as https://clinic.example, split by commas")
    return origins


def _subject(value: str) -> str:
    if not value.startswith(("mailto:", "https://")):
        raise ValueError("must start with mailto: or https://")
    return value


Switch = Annotated[bool, BeforeValidator(_switch)]
WebAddress = Annotated[str, _address_of("http", "https")]


class Settings(BaseSettings):
    """The settings of one process. Secrets stay out of its repr and of error messages."""

    model_config = SettingsConfigDict(
        extra="forbid", frozen=True, hide_input_in_errors=True, validate_default=False
    )

    app_env: Literal["development", "production"] = "development"
    port: int = Field(default=3000, ge=1, le=65535)
    public_url: WebAddress = ""
    allowed_origins: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_origins)] = ()
    database_url: Annotated[str, BeforeValidator(_database)] = Field(
        default=f"sqlite+aiosqlite:///{DATA / 'shinesmile.db'}", repr=False
    )
    redis_url: Annotated[str, _address_of("redis", "rediss")] | None = Field(
        default=None, repr=False
    )
    jwt_secret: SecretStr = SecretStr("")
    smtp_url: Annotated[str, _address_of("smtp", "smtps")] | None = Field(default=None, repr=False)
    vapid_private_key: SecretStr | None = None
    vapid_subject: Annotated[str, BeforeValidator(_subject)] | None = None
    max_connections: int = Field(default=5000, ge=1)
    rate_limits: Switch = True
    demo: Switch = True
    log_format: Literal["text", "json"] = "text"

    @property
    def production(self) -> bool:
        """Whether this process serves a real clinic."""
        return self.app_env == "production"

    @property
    def database_file(self) -> Path | None:
        """The SQLite file, or None when the database is elsewhere or in memory."""
        driver, _, path = self.database_url.partition(":///")
        if not driver.startswith("sqlite") or path in {"", ":memory:"}:
            return None
        return Path(path.partition("?")[0])

    @property
    def folder(self) -> Path:
        """Where this clinic keeps what is not in its database."""
        return self.database_file.parent if self.database_file else DATA

    @property
    def origins(self) -> tuple[str, ...]:
        """The origins, besides the host it is asked by, whose pages may call this server."""
        local = () if self.production else (f"http://localhost:{self.port}",)
        return tuple(dict.fromkeys((self.public_url, *local, *self.allowed_origins)))

    def accepts_origin(self, origin: str | None, host: str | None) -> bool:
        """Whether a browser at `origin` may change anything through a server asked as `host`.

        No origin means no browser; the same host is always accepted, whatever name or
        address this server is reached by.
        """
        return origin is None or origin in self.origins or urlsplit(origin).netloc == host

    @model_validator(mode="before")
    @classmethod
    def _empty_is_unset(cls, values: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in values.items() if value != ""}

    @model_validator(mode="after")
    def _agree(self) -> Self:
        problems = []
        if self.production and not self.rate_limits:
            problems.append("RATE_LIMITS must be on when APP_ENV is production.")
        if self.production and not self.jwt_secret.get_secret_value():
            problems.append("JWT_SECRET is required when APP_ENV is production.")
        elif 0 < len(self.jwt_secret.get_secret_value()) < SHORTEST_SECRET:
            problems.append(f"JWT_SECRET must have {SHORTEST_SECRET} characters or more.")
        if (self.vapid_private_key is None) != (self.vapid_subject is None):
            problems.append("VAPID_PRIVATE_KEY and VAPID_SUBJECT are set together or not at all.")
        if problems:
            raise ValueError("\n".join(problems))
        self._complete()
        return self

    def _complete(self) -> None:
        if self.database_file:
            self.database_file.parent.mkdir(parents=True, exist_ok=True)
        derived: dict[str, Any] = {}
        if not self.public_url:
            derived["public_url"] = f"http://localhost:{self.port}"
        if self.production:
            derived["demo"] = False
        if not self.jwt_secret.get_secret_value():
            derived["jwt_secret"] = SecretStr(_kept_secret(self.folder / "jwt_secret"))
        self.__dict__.update(derived)


def _kept_secret(path: Path) -> str:
    """The secret in the file at `path`, made there on the first call."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(48))
        # Linking is atomic: of two processes that start together one wins, both read it.
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            Path(draft).unlink()
    return path.read_text()


def _sentences(error: ValidationError) -> list[str]:
    sentences: list[str] = []
    for problem in error.errors():
        name = str(problem["loc"][0]).upper() if problem["loc"] else ""
        message = problem["msg"].removeprefix("Value error, ")
        if problem["type"] == "extra_forbidden":
            sentences.append(f"{name} in {ENV_FILE.name} is not a setting.")
        elif not name:
            sentences.extend(message.splitlines())
        else:
            message = message.removeprefix("Input should be ").removeprefix("Input ")
            message = message if message.startswith("must ") else f"must be {message}"
            sentences.append(f"{name} {message}.")
    return sentences


def load(env_file: Path = ENV_FILE) -> Settings:
    """The checked settings; ends the program with a sentence per problem when they are not."""
    try:
        return Settings(_env_file=env_file)  # type: ignore[call-arg]
    except ValidationError as error:
        print("\n".join(_sentences(error)), file=sys.stderr)
    except OSError as error:
        print(f"The folder for data cannot be used: {error}.", file=sys.stderr)
    raise SystemExit(2)


settings = load()
