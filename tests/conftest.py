"""What every test stands on: no network, no model, no developer's own data, and no silent skips."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path

import hypothesis
import pytest

from tests.guard import guard
from tests.needs import ELSEWHERE, IN_CI

# Inherited by child processes: no test may write into the developer's own keyring.
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"

# No deadline: a slow machine is no defect. A failure prints the blob that repeats it.
hypothesis.settings.register_profile("dev", deadline=None, print_blob=True, max_examples=50)
hypothesis.settings.register_profile("ci", deadline=None, print_blob=True, max_examples=200)
hypothesis.settings.load_profile("ci" if IN_CI else "dev")


@dataclass(frozen=True)
class Home:
    """The folders that one test's Oona lives in, and the environment that leads there."""

    root: Path
    keys: Path
    models: Path

    @property
    def environment(self) -> dict[str, str]:
        """The variables that name the folders, for a child process."""
        return {
            "OONA_HOME": str(self.root),
            "OONA_KEYS": str(self.keys),
            "OONA_MODELS": str(self.models),
        }


@pytest.fixture(autouse=True)
def _guarded(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test that reaches further than its marks allow, even if the attempt was swallowed."""
    model = request.node.get_closest_marker("model") is not None
    server = request.node.get_closest_marker("server") is not None
    with guard.watching(loopback=model or server, model=model) as broken:
        yield
    if broken:
        pytest.fail("\n".join(broken), pytrace=False)


@pytest.fixture(autouse=True)
def home(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A home of the test's own; none of the developer's settings reach it.

    Tests marked `model` share the real models folder, which is outside the project and only read.
    """
    own_models = os.environ.get("OONA_MODELS") or _default_models()
    for name in [name for name in os.environ if name.startswith("OONA_")]:
        monkeypatch.delenv(name)
    real = request.node.get_closest_marker("model") is not None
    models = Path(own_models) if real and own_models else tmp_path / "models"
    made = Home(tmp_path / "home", tmp_path / "keys", models)
    for name, value in made.environment.items():
        monkeypatch.setenv(name, value)
    return made


def _default_models() -> str:
    try:
        from oona.app.paths import models_dir
    except ImportError:
        return ""
    return str(models_dir())


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """CI lacks nothing: there, a skip for want of something is a failure."""
    report = yield
    if IN_CI and report.skipped and not hasattr(report, "wasxfail"):
        reason = str(call.excinfo.value) if call.excinfo else "skipped"
        if not reason.removeprefix("Skipped: ").startswith(ELSEWHERE):
            report.outcome = "failed"
            report.longrepr = f"CI lacks nothing, yet this was skipped: {reason}"
    return report
