"""The house's own rules hold what they promise: each is shown a sinner and a saint."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.guard import guard, is_loopback
from tools import budgets, rules, setup_env
from tools.files import ROOT, Source, python_sources


def source(folder: Path, path: str, text: str) -> Source:
    """A file of a pretended project."""
    file = folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return Source(folder, Path(path))


def test_budget_of_a_file(tmp_path: Path) -> None:
    """A file may have 600 lines and no more."""
    assert not list(budgets.over_budget([source(tmp_path, "a.py", "x = 1\n" * 600)]))
    assert list(budgets.over_budget([source(tmp_path, "b.py", "x = 1\n" * 601)]))


def test_budget_of_a_function(tmp_path: Path) -> None:
    """A function may have 60 lines and no more, its first line counted."""
    fits = "def f() -> None:\n" + "    x = 1\n" * 59
    assert not list(budgets.over_budget([source(tmp_path, "a.py", fits)]))
    assert list(budgets.over_budget([source(tmp_path, "b.py", fits + "    x = 1\n")]))


def test_budget_of_a_constructor(tmp_path: Path) -> None:
    """A constructor may take eight parameters, keywords counted, and no more."""
    text = "class A:\n    def __init__(self, a, b, c, d, *, e, f, g, h{}): ...\n"
    assert not list(budgets.over_budget([source(tmp_path, "a.py", text.format(""))]))
    assert list(budgets.over_budget([source(tmp_path, "b.py", text.format(", i"))]))


def test_budget_of_a_dataclass(tmp_path: Path) -> None:
    """A dataclass that changes is held to eight fields; a frozen one carries what the data has.

    What a changing one begins with by itself is no parameter.
    """
    fields = "".join(f"    f{number}: int\n" for number in range(9))
    frozen = source(tmp_path, "a.py", f"@dataclass(frozen=True, slots=True)\nclass A:\n{fields}")
    changing = source(tmp_path, "b.py", f"@dataclass\nclass A:\n{fields}")
    grown = fields.replace("f8: int", "f8: int = field(default=0, init=False)")
    own = source(tmp_path, "c.py", f"@dataclass\nclass A:\n{grown}    n: ClassVar[int] = 1\n")
    assert not list(budgets.over_budget([frozen, own]))
    assert list(budgets.over_budget([changing]))


@pytest.mark.parametrize(
    "text",
    [
        "import os\nx = os.environ['A']\n",
        "import os\nx = os.environ.get('A')\n",
        "import os\nx = os.getenv('A')\n",
        "from os import environ\n",
        "import os\nos.environ[os.environ['A']] = 'b'\n",
    ],
)
def test_only_app_reads_the_environment(tmp_path: Path, text: str) -> None:
    """Reading a variable is found in every room but `app`."""
    inside = source(tmp_path, "src/oona/memory/a.py", text)
    assert len(list(rules.environment_reads([inside]))) == 1
    assert not list(rules.environment_reads([source(tmp_path, "src/oona/app/a.py", text)]))


@pytest.mark.parametrize(
    "text",
    [
        "import os\nos.environ['A'] = 'b'\n",
        "import os\nos.environ.setdefault('A', 'b')\n",
        "import os\nx = os.environ | {'A': 'b'}\n",
        "import os\nx = {**os.environ, 'A': 'b'}\n",
    ],
)
def test_setting_or_passing_on_is_no_reading(tmp_path: Path, text: str) -> None:
    """A library's variable may be set, and a child process may be handed the whole environment."""
    assert not list(rules.environment_reads([source(tmp_path, "src/oona/providers/a.py", text)]))


@pytest.mark.parametrize(
    "text",
    [
        "import apsw\n",
        "from apsw import Connection\n",
        "import sqlite3 as db\n",
        "q = 'SELECT seq FROM events'\n",
        "q = '''\n  INSERT INTO events VALUES (1)'''\n",
    ],
)
def test_sql_stands_in_store_alone(tmp_path: Path, text: str) -> None:
    """SQL and its libraries are found in every room but `store`."""
    inside = source(tmp_path, "src/oona/memory/a.py", text)
    assert len(list(rules.sql_outside_store([inside]))) == 1
    assert not list(rules.sql_outside_store([source(tmp_path, "src/oona/store/a.py", text)]))


def test_words_that_look_like_sql_are_left_alone(tmp_path: Path) -> None:
    """Prose, and a docstring that speaks of a query, are no SQL."""
    text = '"""SELECT x FROM y, in words."""\nsay = "Select a name from the list"\n'
    assert not list(rules.sql_outside_store([source(tmp_path, "src/oona/memory/a.py", text)]))


def test_a_test_names_its_rule(tmp_path: Path) -> None:
    """A test without a docstring is found; helpers need none."""
    silent = source(tmp_path, "tests/test_a.py", "def test_x(): ...\ndef helper(): ...\n")
    found = list(rules.tests_without_rule([silent]))
    assert len(found) == 1
    assert "test_x" in found[0]


@pytest.mark.parametrize(
    "line",
    [
        "--index-url https" + "://packages.example/simple",
        "thing @ file" + ":///wheels/thing.whl",
        "--find-links wheels",
    ],
)
def test_addresses_in_locks_are_found(tmp_path: Path, line: str) -> None:
    """An index, a direct reference or a folder of wheels in a lock is found."""
    (tmp_path / "requirements").mkdir()
    lock = tmp_path / "requirements" / "run.txt"
    clean = "thing==1.0 \\\n    --hash=sha256:" + "0" * 64 + "\n"
    lock.write_text(clean, encoding="utf-8")
    assert not list(rules.addresses_in_locks(tmp_path))
    lock.write_text(clean + line + "\n", encoding="utf-8")
    assert len(list(rules.addresses_in_locks(tmp_path))) == 1


def test_paths_of_this_machine_are_found(tmp_path: Path) -> None:
    """A file that names a folder of the machine it was written on is found by its line."""
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    (tmp_path / "clean.md").write_text("See /usr/bin/env and docs/here.\n", encoding="utf-8")
    assert not list(rules.paths_of_this_machine(tmp_path, Path("/home/somebody")))
    (tmp_path / "note.md").write_text("\nSee /home/somebody/notes.\n", encoding="utf-8")
    (tmp_path / "other.md").write_text(f"See {tmp_path}/x.\n", encoding="utf-8")
    found = list(rules.paths_of_this_machine(tmp_path, Path("/home/somebody")))
    assert [line.partition(": ")[0] for line in found] == ["note.md:2", "other.md:1"]


def test_fragments_are_named_and_speak(tmp_path: Path) -> None:
    """A changelog fragment has a known type and a text."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    folder = tmp_path / "changelog.d"
    folder.mkdir()
    (folder / "2.feature.md").write_text("Talks.\n", encoding="utf-8")
    (folder / "+house.misc.md").write_text("Tidied.\n", encoding="utf-8")
    assert not list(rules.fragments(tmp_path))
    (folder / "2.novelty.md").write_text("Talks.\n", encoding="utf-8")
    (folder / "3.bugfix.md").write_text("\n", encoding="utf-8")
    assert len(list(rules.fragments(tmp_path))) == 2


def test_the_project_keeps_its_own_rules() -> None:
    """The rules find nothing in this project."""
    every = python_sources()
    found = [
        *budgets.over_budget(every),
        *rules.environment_reads(every),
        *rules.sql_outside_store(every),
        *rules.tests_without_rule(every),
        *rules.addresses_in_locks(),
        *rules.paths_of_this_machine(),
        *rules.fragments(),
    ]
    assert not found


def connect(address: str) -> None:
    """Try to reach the discard port of `address`."""
    with socket.socket() as client:
        client.settimeout(0.1)
        client.connect((address, 9))


def test_guard_stops_the_network() -> None:
    """A test cannot reach an address outside this machine, whatever its marks."""
    with guard.watching(loopback=True, model=True) as broken:
        with pytest.raises(pytest.fail.Exception, match="No test may use the network"):
            connect("192.0.2.1")
        with pytest.raises(pytest.fail.Exception, match="look up"):
            socket.getaddrinfo("host.invalid", 80)
    assert len(broken) == 2


def test_guard_stops_loopback_in_unit_tests() -> None:
    """A unit test cannot reach a server on this machine either."""
    with (
        guard.watching(loopback=False, model=False),
        pytest.raises(pytest.fail.Exception, match="Mark it `server`"),
    ):
        connect("127.0.0.1")


@pytest.mark.server
def test_guard_lets_a_marked_test_reach_loopback() -> None:
    """A test marked `server` talks to this machine's own loopback address."""
    with (
        socket.create_server(("127.0.0.1", 0)) as listening,
        socket.create_connection(listening.getsockname(), timeout=5) as client,
    ):
        assert is_loopback(client.getpeername()[0])


def test_guard_stops_a_model() -> None:
    """A unit test cannot start the embedded model's process."""
    with (
        guard.watching(loopback=False, model=False),
        pytest.raises(pytest.fail.Exception, match="start a language model"),
    ):
        subprocess.run([sys.executable, "-m", "oona.providers.llama.child"], check=False)


@pytest.mark.parametrize(
    ("host", "is_here"),
    [
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("localhost", True),
        ("0.0.0.0", False),
        ("192.0.2.1", False),
        ("localhost.example", False),
    ],
)
def test_what_loopback_is(host: str, is_here: bool) -> None:
    """Loopback is told by the address itself, without asking a name server."""
    assert is_loopback(host) is is_here


def test_a_test_has_a_home_of_its_own(tmp_path: Path) -> None:
    """The folders a test's Oona uses lie in the test's own temporary folder."""
    folders = [os.environ[name] for name in ("OONA_HOME", "OONA_KEYS", "OONA_MODELS")]
    assert all(Path(folder).is_relative_to(tmp_path) for folder in folders)


def test_environment_is_current_only_for_the_same_pins(tmp_path: Path) -> None:
    """What `.venv` must hold depends on the lock and the project's dependencies, not on tools."""
    (tmp_path / "requirements").mkdir()
    lock = tmp_path / "requirements" / "run.txt"
    lock.write_text("a==1\n", encoding="utf-8")
    project = tmp_path / "pyproject.toml"
    text = '[build-system]\nrequires = []\n[project]\nname = "x"\n'
    project.write_text(text, encoding="utf-8")
    first = setup_env.wanted("run", tmp_path)
    project.write_text(text + "[tool.ruff]\nline-length = 90\n", encoding="utf-8")
    assert setup_env.wanted("run", tmp_path) == first
    project.write_text(text + 'dependencies = ["b"]\n', encoding="utf-8")
    second = setup_env.wanted("run", tmp_path)
    lock.write_text("a==2\n", encoding="utf-8")
    assert len({first, second, setup_env.wanted("run", tmp_path)}) == 3


def test_setup_says_what_debian_lacks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where Python came without `ensurepip`, the package to install is named, and nothing made."""
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    with pytest.raises(setup_env.SetupFault, match="apt-get install python3"):
        setup_env.make_environment(tmp_path / "venv")
    assert not (tmp_path / "venv").exists()


@pytest.mark.slow
def test_moved_environment_is_made_anew(tmp_path: Path) -> None:
    """An environment that still names another folder is replaced; one made here is kept."""
    environment = tmp_path / "venv"
    setup_env.make_environment(environment)
    kept = environment / "kept"
    kept.touch()
    setup_env.make_environment(environment)
    assert kept.exists()
    moved = environment.rename(tmp_path / "elsewhere")
    setup_env.make_environment(moved)
    assert not (moved / "kept").exists()
    assert setup_env.environment_python(moved).exists()


@pytest.mark.skipif(os.name == "nt", reason="only where /bin/sh is")
def test_find_python_refuses_kindly(tmp_path: Path) -> None:
    """Without a fitting Python, what to install is said and the exit status is 1."""
    done = subprocess.run(
        ["/bin/sh", str(ROOT / "tools" / "find-python")],
        cwd=tmp_path,
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "Python 3.11 or newer" in done.stderr


def test_make_lists_its_targets() -> None:
    """Bare `make` lists the targets, each with a word on what it does."""
    done = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True)
    listed = [line.split()[1] for line in done.stdout.splitlines()]
    assert {"setup", "run", "test", "check", "bench", "eval", "lock", "clean"} <= set(listed)


@pytest.mark.parametrize(
    ("reason", "outcome"), [("no browser", "1 failed"), ("only where Windows is", "1 skipped")]
)
def test_ci_lacks_nothing(tmp_path: Path, reason: str, outcome: str) -> None:
    """In CI a test skipped for want of something fails; one for another system is skipped."""
    text = f"import pytest\ndef test_a():\n    pytest.skip({reason!r})\n"
    file = source(tmp_path, "test_a.py", text)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "tests.conftest", str(tmp_path / file.path)],
        cwd=tmp_path,
        env=os.environ | {"CI": "true", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert outcome in done.stdout
