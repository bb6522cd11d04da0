"""Freshly migrated databases for tests: SQLite always, PostgreSQL where its programs are."""

import os
import pwd
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path
from uuid import uuid4

from sqlalchemy import make_url, text

from shinesmile import schema

SPEED_BEFORE_SAFETY = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"
OTHER_USERS = ("postgres", "nobody")


@cache
def postgresql_programs() -> Path | None:
    """The folder with initdb and pg_ctl, the newest when there are several."""
    versions = sorted(Path("/usr/lib/postgresql").glob("[0-9]*"), key=lambda p: float(p.name))
    for folder in [*reversed([version / "bin" for version in versions]), None]:
        found = shutil.which("initdb", path=folder and str(folder))
        if found and Path(found).resolve().with_name("pg_ctl").exists():
            return Path(found).resolve().parent
    return None


def kinds() -> list[str]:
    """The kinds of database that can be tested on this machine."""
    return ["sqlite", "postgresql"] if postgresql_programs() else ["sqlite"]


def summary() -> str:
    """What the tests ran on, in words."""
    programs = postgresql_programs()
    if programs is None:
        return "databases: sqlite (PostgreSQL server programs not found)"
    version = subprocess.check_output([programs / "postgres", "--version"], text=True).split()[2]
    return f"databases: sqlite, postgresql {version}"


class PostgreSQL:
    """A private server on a socket in a folder of its own."""

    def __init__(self) -> None:
        programs = postgresql_programs()
        assert programs, "PostgreSQL server programs not found"
        self._programs = programs
        self._folder = tempfile.mkdtemp(prefix="shinesmile-postgresql-")
        # PostgreSQL refuses to run as root.
        self._user = _other_user() if os.geteuid() == 0 else None
        if self._user:
            shutil.chown(self._folder, self._user)
        self._run("initdb", "--auth=trust", "--username=postgres", "--no-sync", "--encoding=UTF8")
        options = f"-k {self._folder} -c listen_addresses= {SPEED_BEFORE_SAFETY}"
        self._run("pg_ctl", "-w", "-l", f"{self._folder}/log", "-o", options, "start")

    def _run(self, name: str, *arguments: str) -> None:
        subprocess.run(
            [self._programs / name, "-D", f"{self._folder}/data", *arguments],
            check=True,
            cwd=self._folder,
            user=self._user,
            stdout=subprocess.DEVNULL,
        )

    def url(self, name: str) -> str:
        """The address of one of its databases."""
        return f"postgresql+psycopg://postgres@/{name}?host={self._folder}"

    def execute(self, statement: str) -> None:
        """Run one statement that must stand outside a transaction."""
        with schema.connection(self.url("postgres")) as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").execute(text(statement))

    def stop(self) -> None:
        """End this server, and no other, and remove its folder."""
        self._run("pg_ctl", "-w", "-m", "immediate", "stop")
        shutil.rmtree(self._folder)


def _other_user() -> str:
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next(user for user in OTHER_USERS if user in known)


class Databases:
    """Makes databases by copying one of each kind that was migrated before."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._sqlite_template: Path | None = None
        self._postgresql: PostgreSQL | None = None

    def create(self, kind: str) -> str:
        """The address of a new database at the newest migration."""
        name = f"clinic_{uuid4().hex}"
        if kind == "sqlite":
            return self._create_sqlite(name)
        self.postgresql.execute(f"CREATE DATABASE {name} TEMPLATE migrated")
        return self.postgresql.url(name)

    def drop(self, url: str) -> None:
        """Remove a database that `create` made."""
        parsed = make_url(url)
        if parsed.get_backend_name() == "sqlite":
            for path in self._folder.glob(f"{Path(parsed.database or '').name}*"):
                path.unlink()
        else:
            self.postgresql.execute(f"DROP DATABASE {parsed.database} WITH (FORCE)")

    @property
    def postgresql(self) -> PostgreSQL:
        """The private server, started when first asked for."""
        if self._postgresql is None:
            self._postgresql = PostgreSQL()
            self._postgresql.execute("CREATE DATABASE migrated")
            schema.upgrade(self._postgresql.url("migrated"))
        return self._postgresql

    def _create_sqlite(self, name: str) -> str:
        if self._sqlite_template is None:
            self._sqlite_template = self._folder / "migrated.db"
            schema.upgrade(f"sqlite+aiosqlite:///{self._sqlite_template}")
        path = self._folder / f"{name}.db"
        shutil.copyfile(self._sqlite_template, path)
        return f"sqlite+aiosqlite:///{path}"

    def close(self) -> None:
        """Stop what was started."""
        if self._postgresql:
            self._postgresql.stop()
