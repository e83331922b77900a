"""Odoo 19: a checkout named by ODOO_PATH, or else out of Debian's archive.

Debian has it in its suite sid only, for every architecture.
"""

import os
import platform
import shutil
from pathlib import Path

from dev.common import SetupError
from dev.debian import ensure_unpacked

ODOO_PACKAGES = (
    "odoo-19/sid",
    # what it links to
    "fonts-glyphicons-halflings/sid",
    "fonts-montserrat/sid",
    "fonts-ocr-b/sid",
    "fonts-roboto-unhinted/sid",
    "libjs-jquery/sid",
    "libjs-jquery-form/sid",
    "libjs-underscore/sid",
    # later versions of these two name their files otherwise
    "fonts-font-awesome/trixie",
    "fonts-inconsolata/trixie",
)
# of a suite that is old enough to run on every Debian that has Python 3.10
SASS_PACKAGES = ("python3-libsass/bookworm", "libsass1/bookworm")
PYTHON_FOLDER = "usr/lib/python3/dist-packages"


def odoo_path():
    """Return the folder that holds the package ``odoo``, unpacking it if needed.

    :raise SetupError: neither ODOO_PATH nor Debian's archive gives an Odoo 19
    """
    if not os.environ.get("ODOO_PATH"):
        root = ensure_unpacked("Odoo 19 (Debian's package)", ODOO_PACKAGES, _finish)
        return root / PYTHON_FOLDER
    path = Path(os.environ["ODOO_PATH"]).absolute()
    release = path / "odoo" / "release.py"
    if not release.exists() or "version_info = (19, 0," not in release.read_text():
        raise SetupError(f"ODOO_PATH={path} is no checkout of Odoo 19.0")
    return path


def sass_paths():
    """Return the folders with libsass for Python and its library, or ``None``.

    Only for machines that no wheel of libsass fits, such as arm64.
    """
    if platform.machine() == "x86_64":
        return None
    root = ensure_unpacked("libsass (Debian's package)", SASS_PACKAGES)
    return root / PYTHON_FOLDER, next(root.glob("usr/lib/*/libsass.so.1")).parent


def _finish(root):
    """Mend two slips of Debian's package."""
    folder = root / PYTHON_FOLDER
    # a second copy of the addons' Python files, never used
    shutil.rmtree(folder / "addons")
    # left out, and the web client logs an error where it is missing
    missing = folder / "odoo/addons/mail/static/lib/selfie_segmentation"
    missing.mkdir(exist_ok=True)
    (missing / "selfie_segmentation.js").touch()
