"""A pytest plugin for CI: tests that need a browser or a PostgreSQL may be skipped elsewhere, but not here.

On a developer's machine such a test is skipped where there is nothing to run it on. In CI that would be a hole that
nobody sees, so a skipped one fails the run, and so does a run in which none of them came up at all.
"""

from __future__ import annotations

import pytest

NEEDED = ("browser", "postgres")


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):  # with xdist, only the process that hears all the others
        config.pluginmanager.register(MustRun())


class MustRun:
    """Counts what ran of each needed kind, and remembers what was skipped."""

    def __init__(self) -> None:
        self.ran = dict.fromkeys(NEEDED, 0)
        self.skipped: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        for kind in NEEDED:
            if kind in report.keywords:
                self.ran[kind] += report.when == "call" and not report.skipped
                if report.skipped and not hasattr(report, "wasxfail"):
                    self.skipped.append(report.nodeid)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.skipped:  # a whole file bowed out, whatever was in it
            self.skipped.append(report.nodeid)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self._complaints() and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        for complaint in self._complaints():
            terminalreporter.write_line(complaint, red=True)

    def _complaints(self) -> list[str]:
        complaints = [f"must not be skipped in CI: {name}" for name in sorted(set(self.skipped))]
        return complaints + [f"no test marked {kind} ran at all" for kind, count in self.ran.items() if not count]
