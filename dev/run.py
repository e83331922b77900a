"""Run a module of the virtual environment with PostgreSQL and Odoo ready for it.

``dev.env`` starts this; see there. The module and the programs it starts find in their
environment:

``PYTHONPATH``
    the project and Odoo
``PGHOST``, ``PGPORT``, ``PGUSER`` ...
    the PostgreSQL server
``ODOO_RC``
    a configuration file with addons_path, data_dir and the server (see
    ``dev.config``)
"""

import os
import runpy
import sys

from dev.common import SetupError
from dev.config import write_config
from dev.postgres import ensure_server


def main():
    """Run the module named first, as ``python -m`` would."""
    try:
        ensure_server()
        os.environ["ODOO_RC"] = str(write_config())
        del sys.argv[0]
        runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
    except SetupError as err:
        sys.exit(str(err))


if __name__ == "__main__":
    main()
