"""The stand-in run by its command."""

import json
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager
from types import SimpleNamespace

import pytest

from dev.standin.__main__ import main

from .standin_client import call, connect


@pytest.fixture
def folder(tmp_path):
    entry = {"DataType": 5, "DataProvider": "RIVILE", "ShopNo": "01", "file": "z.xml"}
    (tmp_path / "manifest.json").write_text(json.dumps([entry]))
    (tmp_path / "z.xml").write_text("<z>ž</z>", "utf-8")
    return tmp_path


@contextmanager
def running(*options):
    """Run the command; give its first line and how to connect; end it cleanly."""
    command = [sys.executable, "-m", "dev.standin", "--port", "0", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        line = process.stdout.readline()
        host, port = line.split(",")[0].split(": ")[1].split(":")
        yield SimpleNamespace(
            host=host, port=port, user="u", password="p", database="D", line=line
        )
        process.send_signal(signal.SIGTERM)
        assert process.wait(5) == 0


def test_command(folder):
    settings = ["--database", "D", "--user", "u", "--password", "p"]
    settings += ["--file", str(folder / "state.db"), "--now", "2026-11-24T06:00"]
    for status in (0, 2):
        with (
            running("--folder", str(folder), *settings) as server,
            connect(server) as client,
        ):
            assert server.line.endswith("user u, 1 documents\n")
            (row,) = call(client, "usp_SyncDataExport_v")
            call(client, "usp_SyncDataExport_u", SyncDataExportId=1, Status=2)
        assert (row["Status"], row["SyncData"]) == (status, "<z>ž</z>")
        assert f"{row['RecDate']:%Y-%m-%d %H:%M}" == "2026-11-24 06:00"


def test_taken_port_is_told():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        with pytest.raises(SystemExit, match=f"port {port} .*choose another --port"):
            main(["--port", port])
