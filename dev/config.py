"""Odoo's configuration for this tree, written into the cache folder.

Its path is in ``ODOO_RC`` for every program that ``dev.env`` runs, so that
``python -m odoo -d NAME`` needs no other options.
"""

import hashlib
import os
from configparser import RawConfigParser

from dev.common import ROOT, cache_dir


def write_config():
    """Write the configuration file; return its path."""
    options = {
        "addons_path": ROOT,  # Odoo finds its own addons by itself
        "data_dir": cache_dir() / "data",
        "db_host": os.environ.get("PGHOST"),
        "db_port": os.environ.get("PGPORT"),
        "db_user": os.environ.get("PGUSER"),
        "db_password": os.environ.get("PGPASSWORD"),
        "http_interface": "127.0.0.1",
        "list_db": False,
        "log_level": "warn",
    }
    parser = RawConfigParser()
    parser["options"] = {name: str(v) for name, v in options.items() if v is not None}
    key = hashlib.sha256(str(options).encode()).hexdigest()[:12]
    path = cache_dir() / f"odoo-{key}.conf"
    part = path.with_suffix(f".{os.getpid()}")
    with open(os.open(part, os.O_CREAT | os.O_WRONLY, 0o600), "w") as file:
        parser.write(file)
    return part.replace(path)
