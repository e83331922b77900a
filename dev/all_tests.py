"""A plugin of pytest for where every test must run: one that is skipped is an error.

``RASO_ALL_TESTS=1 make test`` uses it, and ``.ci/run`` does.
"""

import pytest


def pytest_sessionfinish(session):
    """End with an error if a test was skipped and all others passed."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter.stats.get("skipped") and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
        reporter.write_line("")
        reporter.write_line("Tests were skipped: none may be here", red=True)
