"""Packages out of Debian's archive, unpacked into the cache folder.

They are taken with apt from the mirror that the machine uses, through package lists of
our own: nothing is installed, and no rights are needed.
"""

import hashlib
import shutil
import subprocess
from pathlib import Path

from dev.common import SetupError, cache_dir, locked, run_logged, step

KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
INSTEAD = "or set ODOO_PATH to a checkout of Odoo 19.0"


def ensure_unpacked(title, packages, finish=None):
    """Return the folder with ``packages`` (``name/suite``), unpacking them if needed.

    :param finish: what to do, once, with the unpacked folder before it is used
    :raise SetupError: a tool, the mirror or a package is missing
    """
    name = packages[0].split("/")[0]
    key = hashlib.sha256(" ".join(packages).encode()).hexdigest()[:12]
    folder = cache_dir() / f"{name}-{key}"
    with locked("debian"):
        if not folder.exists():
            with step(title):
                work = cache_dir() / "debian.part"
                shutil.rmtree(work, ignore_errors=True)
                root = _unpack(work, packages)
                if finish:
                    finish(root)
                _check_links(root)
                root.rename(folder)
                shutil.rmtree(work)
    return folder


def _unpack(work, packages):
    for tool in ("apt-get", "dpkg-deb"):
        if not shutil.which(tool):
            raise SetupError(f"{tool} is missing: use a Debian machine {INSTEAD}")
    for name in ("lists/partial", "cache/archives/partial", "debs", "root"):
        (work / name).mkdir(parents=True)
    _download(work, packages)
    for package in (work / "debs").iterdir():
        trouble = f"{package.name} could not be unpacked"
        run_logged(["dpkg-deb", "-x", package, work / "root"], "debian", trouble)
    return work / "root"


def _download(work, packages):
    mirror = _mirror()
    if not KEYRING.exists():
        raise SetupError(
            f"{KEYRING} is missing: run apt-get install debian-archive-keyring"
        )
    suites = sorted({package.split("/")[1] for package in packages})
    lines = [f"deb [signed-by={KEYRING}] {mirror} {suite} main\n" for suite in suites]
    (work / "sources.list").write_text("".join(lines))
    options = {
        "Dir::Etc::SourceList": work / "sources.list",
        "Dir::Etc::SourceParts": "/dev/null",
        "Dir::State::Lists": work / "lists",
        "Dir::Cache": work / "cache",
        "Dir::Cache::pkgcache": "",
        "Dir::Cache::srcpkgcache": "",
        "Acquire::Languages": "none",
        "Acquire::Retries": "2",
        "APT::Sandbox::User": "root",
        "APT::Update::Error-Mode": "any",
    }
    apt = ["apt-get", *(f"-o{name}={value}" for name, value in options.items())]
    trouble = f"Debian's archive gave no {packages[0]} (check the network, {INSTEAD})"
    run_logged([*apt, "update"], "debian", trouble)
    run_logged([*apt, "download", *packages], "debian", trouble, cwd=work / "debs")


def _mirror():
    """Return the address of the archive that this machine's apt uses."""
    columns = ["Created-By: Packages", "Component: main"]
    command = ["apt-get", "indextargets", "--format", "$(REPO_URI)", *columns]
    listed = subprocess.run(command, capture_output=True, text=True, check=False)
    for line in listed.stdout.splitlines():
        if line.rstrip("/").endswith("/debian"):
            return line
    raise SetupError(f"apt's sources name no Debian mirror: add one {INSTEAD}")


def _check_links(root):
    """Make sure that no file is missing that links in another package lead to."""
    links = (path for path in root.rglob("*") if path.is_symlink())
    broken = sorted(path for path in links if not path.exists())
    if broken:
        raise SetupError(
            f"{len(broken)} links of Debian's packages lead nowhere, first "
            f"{broken[0].relative_to(root)}: add the package that has the file to "
            f"dev/odoo_source.py {INSTEAD}"
        )
