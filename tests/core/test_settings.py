"""The settings: defaults, what each accepts, and how a wrong one stops the start."""

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from shinesmile.core import settings as module
from shinesmile.core.settings import ROOT, Settings, load

SECRET = "a production secret of more than 32 characters"


@pytest.fixture(autouse=True)
def nothing_is_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setattr(module, "DATA", tmp_path / "data")
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/clinic/desk.db")


def problems(capsys: pytest.CaptureFixture[str], env_file: Path = Path("/dev/null")) -> list[str]:
    """What the start says before it ends."""
    with pytest.raises(SystemExit) as ended:
        load(env_file)
    assert ended.value.code == 2
    return capsys.readouterr().err.splitlines()


def started(env_file: Path = Path("/dev/null")) -> Settings:
    return load(env_file)


def test_defaults_suit_a_first_start() -> None:
    settings = started()
    assert not settings.production
    assert settings.demo
    assert settings.rate_limits
    assert settings.port == 3000
    assert settings.public_url == "http://localhost:3000"
    assert settings.max_connections == 5000
    assert settings.log_format == "text"
    assert settings.redis_url is None
    assert settings.smtp_url is None
    assert settings.vapid_private_key is None


def test_default_database_is_a_file_of_the_project(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL")
    monkeypatch.setenv("JWT_SECRET", SECRET)
    assert started().database_file == ROOT / "data" / "shinesmile.db"


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("sqlite:////tmp/desk.db", "sqlite+aiosqlite:////tmp/desk.db"),
        ("sqlite+aiosqlite:////tmp/desk.db", "sqlite+aiosqlite:////tmp/desk.db"),
        ("postgres://desk@db/clinic", "postgresql+psycopg://desk@db/clinic"),
        ("postgresql://desk@db/clinic", "postgresql+psycopg://desk@db/clinic"),
        ("postgresql+psycopg://desk@db/clinic", "postgresql+psycopg://desk@db/clinic"),
    ],
)
def test_database_url_names_the_asynchronous_driver(
    given: str, used: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", given)
    monkeypatch.setenv("JWT_SECRET", SECRET)
    assert started().database_url == used


def test_secret_is_made_once_and_kept_beside_the_database(tmp_path: Path) -> None:
    first, second = started(), started()
    kept = tmp_path / "clinic" / "jwt_secret"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert len(first.jwt_secret.get_secret_value()) >= 32
    assert first.jwt_secret == second.jwt_secret
    assert list(kept.parent.iterdir()) == [kept]


def test_secret_is_kept_in_data_when_the_database_is_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://desk@db/clinic")
    secret = started().jwt_secret.get_secret_value()
    assert (tmp_path / "data" / "jwt_secret").read_text() == secret


def test_secrets_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JWT_SECRET", SECRET)
    monkeypatch.setenv("DATABASE_URL", "postgresql://desk:hidden@db/clinic")
    monkeypatch.setenv("SMTP_URL", "smtps://desk:hidden@mail.example:465")
    monkeypatch.setenv("REDIS_URL", "redis://:hidden@cache:6379/0")
    shown = repr(started())
    assert "hidden" not in shown
    assert SECRET not in shown


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("APP_ENV", "staging", "APP_ENV must be 'development' or 'production'."),
        ("PORT", "0", "PORT must be greater than or equal to 1."),
        ("DEMO", "maybe", "DEMO must be on or off."),
        ("RATE_LIMITS", "1", "RATE_LIMITS must be on or off."),
        ("DATABASE_URL", "mysql://x", "DATABASE_URL must start with sqlite:/// or postgresql://."),
        ("REDIS_URL", "cache", "REDIS_URL must be an address that starts with redis://."),
        ("SMTP_URL", "mail", "SMTP_URL must be an address that starts with smtp://."),
        ("PUBLIC_URL", "clinic", "PUBLIC_URL must be an address that starts with http://."),
        ("VAPID_SUBJECT", "desk", "VAPID_SUBJECT must start with mailto: or https://."),
        ("JWT_SECRET", "short", "JWT_SECRET must have 32 characters or more."),
        ("LOG_FORMAT", "xml", "LOG_FORMAT must be 'text' or 'json'."),
    ],
)
def test_bad_value_stops_the_start_with_a_sentence(
    name: str,
    value: str,
    sentence: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv(name, value)
    assert problems(capsys) == [sentence]


@pytest.mark.parametrize("value", ["*", "clinic.example", "https://clinic.example/desk"])
def test_origins_are_origins(
    value: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ALLOWED_ORIGINS", value)
    assert problems(capsys)[0].startswith("ALLOWED_ORIGINS must list origins")


def test_key_for_web_push_needs_a_subject(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("VAPID_PRIVATE_KEY", "key")
    assert problems(capsys) == [
        "VAPID_PRIVATE_KEY and VAPID_SUBJECT are set together or not at all."
    ]


def test_each_problem_of_the_file_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    env_file = tmp_path / ".env"
    env_file.write_text("COLOUR=green\nPORT=many\n")
    said = problems(capsys, env_file)
    assert "COLOUR in .env is not a setting." in said
    assert len(said) == 2
    assert said[0].startswith("PORT must be ")


def test_environment_wins_over_the_file_and_empty_is_unset(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    env_file = tmp_path / ".env"
    env_file.write_text("PORT=4000\nSMTP_URL=smtp://mail.example\nMAX_CONNECTIONS=7\n")
    monkeypatch.setenv("PORT", "5000")
    monkeypatch.setenv("SMTP_URL", "")
    settings = started(env_file)
    assert (settings.port, settings.smtp_url, settings.max_connections) == (5000, None, 7)


def test_production_wants_its_own_secret_and_rate_limits(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("APP_ENV", "production")
    monkeypatch.setenv("RATE_LIMITS", "off")
    assert problems(capsys) == [
        "RATE_LIMITS must be on when APP_ENV is production.",
        "JWT_SECRET is required when APP_ENV is production.",
    ]


def test_production_never_has_the_demo(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APP_ENV", "production")
    monkeypatch.setenv("JWT_SECRET", SECRET)
    monkeypatch.setenv("DEMO", "on")
    settings = started()
    assert settings.production
    assert not settings.demo


@pytest.mark.parametrize(
    ("origin", "host", "accepted"),
    [
        (None, "desk.lan:3000", True),
        ("http://desk.lan:3000", "desk.lan:3000", True),
        ("https://clinic.example", "10.0.0.5:3000", True),
        ("https://partner.example", "clinic.example", True),
        ("https://elsewhere.example", "clinic.example", False),
        ("https://clinic.example.elsewhere.example", "clinic.example", False),
        ("null", "clinic.example", False),
    ],
)
def test_only_own_and_listed_origins_are_accepted(
    origin: str | None, host: str, accepted: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PUBLIC_URL", "https://clinic.example/")
    monkeypatch.setenv("ALLOWED_ORIGINS", "https://partner.example, https://lab.example")
    assert started().accepts_origin(origin, host) is accepted


def test_program_ends_without_a_traceback() -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "shinesmile.serve"],
        cwd=ROOT,
        env={"PORT": "many"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 2
    assert ended.stderr.startswith("PORT must be ")
    assert len(ended.stderr.splitlines()) == 1
