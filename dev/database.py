"""Odoo databases for tests, demo and benchmarks, copied from templates.

Installing Odoo's modules takes most of a minute, copying a database a second. So
a set of modules is installed once, into a template named after the modules, Odoo's
version and this file: a company with the Lithuanian chart of accounts, without demo
data, with attachments in the database (a copy has no files of its own).

By hand, through ``dev.env``::

    python3 -m dev.env dev.database copy NAME           of the template
    python3 -m dev.env dev.database install NAME MODULE ...
    python3 -m dev.env dev.database drop NAME
"""

import contextlib
import hashlib
import os
import subprocess
import sys
from pathlib import Path

import psycopg2.sql

from dev.common import ROOT, locked, run_logged, step
from dev.odoo_source import odoo_path
from dev.postgres import connect

BASE = ("stock_account", "l10n_lt")
POINT_OF_SALE = (*BASE, "point_of_sale")
ADDON = "raso_cash_register"


def get_template(modules=BASE):
    """Return the name of a database with ``modules`` and the Lithuanian chart.

    It is made if it isn't there yet: copy it, never change it.
    """
    recipe = Path(__file__).read_bytes()
    key = hashlib.sha256(f"{modules} {_odoo_identity()}".encode() + recipe).hexdigest()
    name = f"raso_base_{key[:12]}"
    with locked("template"):
        if not exists(name):
            with step(f"Template database ({', '.join(modules)})"):
                part = f"{name}_part"
                drop(part)
                create_database(part)
                install(part, modules)
                _execute("ALTER DATABASE {} RENAME TO {}", part, name)
    return name


def create_database(name, template="template0"):
    """Create database ``name`` as a copy of ``template``, replacing an older one."""
    drop(name)
    _execute("CREATE DATABASE {} TEMPLATE {} ENCODING 'UTF8'", name, template)


def drop(name):
    """Drop database ``name`` if it exists, whoever is connected to it."""
    _execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


def drop_all(prefix):
    """Drop every database whose name starts with ``prefix``."""
    with connect() as cursor:
        cursor.execute(
            "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [prefix]
        )
        names = [name for (name,) in cursor.fetchall()]
    for name in names:
        drop(name)


def exists(name):
    """Tell whether there is a database ``name``."""
    with connect() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        return bool(cursor.fetchone())


def install(name, modules):
    """Install ``modules`` into database ``name``, in a process of its own.

    :raise SetupError: it failed; the text ends in the reason
    """
    command = [sys.executable, "-m", "dev.database", "install", name, *modules]
    trouble = f"{', '.join(modules)} could not be installed"
    run_logged(command, f"install-{name}", trouble, cwd=ROOT)


def prepare_browser(name):
    """Have database ``name`` speak Lithuanian, and what the web client loads, made.

    In a process of its own, as installing is: it loads the whole of Odoo.
    """
    command = [sys.executable, "-m", "dev.database", "browser", name]
    trouble = "Lithuanian and the web client's files could not be made"
    run_logged(command, f"browser-{name}", trouble, cwd=ROOT)


def load_config(*arguments):
    """Read Odoo's configuration, for a program that opens a registry itself."""
    from odoo.tools import config

    config.parse_config([f"--config={os.environ['ODOO_RC']}", *arguments])


@contextlib.contextmanager
def environment(name):
    """Give a superuser's environment on database ``name``; commit if all went well."""
    from odoo import SUPERUSER_ID
    from odoo.api import Environment
    from odoo.modules.registry import Registry

    with Registry(name).cursor() as cursor:
        yield Environment(cursor, SUPERUSER_ID, {})


def _odoo_identity():
    """Return what tells this Odoo from another: its folder and, if any, its commit."""
    command = ["git", "-C", odoo_path(), "rev-parse", "HEAD"]
    commit = subprocess.run(command, capture_output=True, text=True, check=False)
    return f"{odoo_path()} {commit.stdout.strip()}"


def _execute(statement, *names):
    identifiers = [psycopg2.sql.Identifier(name) for name in names]
    with connect() as cursor:
        cursor.execute(psycopg2.sql.SQL(statement).format(*identifiers))


def _install_here(name, modules):
    from odoo.modules.registry import Registry

    load_config()
    Registry.new(name, update_module=True, install_modules=modules)
    if set(BASE) <= set(modules):
        with environment(name) as env:
            _prepare_template(env)


def _prepare_template(env):
    env.company.country_id = env.ref("base.lt")
    env["account.chart.template"].try_loading("lt", env.company)
    env["ir.config_parameter"].set_param("ir_attachment.location", "db")
    env["ir.attachment"].force_storage()


def _prepare_browser_here(name):
    load_config()
    with environment(name) as env:
        language = env["res.lang"]._activate_lang("lt_LT")
        wizard = env["base.language.install"].create({"lang_ids": language.ids})
        wizard.lang_install()
        # all that tours load: the web client's own, and what is for tests alone
        env["ir.qweb"]._pregenerate_assets_bundles()


COMMANDS = {
    "browser": _prepare_browser_here,
    "copy": lambda name: create_database(name, get_template()),
    "drop": drop,
    "install": lambda name, *modules: _install_here(name, modules),
}

if __name__ == "__main__":
    COMMANDS[sys.argv[1]](*sys.argv[2:])
