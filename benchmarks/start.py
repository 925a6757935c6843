"""Starting: to the prompt, to the first clause of a one-shot, attached, and what waiting costs."""

from __future__ import annotations

import json
import os
import pty
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.figures import MODEL, Figure, Options, at_most, note, quantile
from oona.app.paths import Paths, models_dir
from oona.providers.weights import Weights
from oona.testing.owners import owners

SAID = "I had soup today, and it rained."
ASKED = "What did I eat today?"
OONA = str(Path(sys.executable).with_name("oona"))
PROMPT = b"\xe2\x80\xba"  # the mark that `oona talk` writes before one may type
IDLE_S = 30.0
UNDERSTOOD_S = 60.0
"""How long what was said may take to be understood, in idle time."""

_TICKS = os.sysconf("SC_CLK_TCK")


def run(options: Options) -> list[Figure]:
    """Start, say and wait in a home of its own, with the models that are already here."""
    home = str(options.folder)
    environment = {
        **os.environ,
        "OONA_HOME": f"{home}/home",
        "OONA_KEYS": f"{home}/keys",
        "OONA_MODELS": str(models_dir()),
        "OONA_MODEL_NAME": MODEL,
    }
    subprocess.run(
        [OONA, "settings", "--defaults"], env=environment, check=True, capture_output=True
    )
    note("one-shot turns, the first of which reads the prompt's beginning")
    _first_words(environment)  # once, so that the prefix is read and its cache saved
    one_shot = [_first_words(environment) for _ in range(5)]
    note("starts to the prompt, and turns beside an open conversation")
    prompts: list[float] = []
    for _ in range(4):
        talk, master = _talk(environment)
        prompts.append(_until(master, PROMPT, seconds=30.0))
        _leave(talk, master)
    talk, master = _talk(environment)
    _until(master, PROMPT, seconds=30.0)
    _first_words(environment)  # waits until the model is there
    attached = [_first_words(environment) for _ in range(5)]
    ways = _asked(environment)
    resting = _resting(environment, ways)
    _leave(talk, master)
    return [
        at_most("start to prompt, median", quantile(prompts, 0.5), 2, "s", prompts),
        at_most("one-shot, first clause, median", quantile(one_shot, 0.5), 4, "s", one_shot),
        at_most("attached, first clause, median", quantile(attached, 0.5), 1, "s", attached),
        *resting,
    ]


def _leave(talk: subprocess.Popen[bytes], master: int) -> None:
    """Close the window, and wait until the conversation behind it is over."""
    os.close(master)
    talk.send_signal(signal.SIGHUP)
    talk.wait(timeout=30)
    time.sleep(1.0)


def _first_words(environment: dict[str, str], text: str = SAID) -> float:
    """Seconds from starting `oona say` to the first byte of its reply."""
    began = time.monotonic()
    child = subprocess.Popen(
        [OONA, "say", text], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert child.stdout is not None  # noqa: S101 - a pipe was asked for
    child.stdout.read(1)
    first = time.monotonic() - began
    _, errors = child.communicate()
    if child.returncode:
        raise RuntimeError(errors.decode())
    return first


def _talk(environment: dict[str, str]) -> tuple[subprocess.Popen[bytes], int]:
    master, slave = pty.openpty()
    child = subprocess.Popen(
        [OONA], env=environment, stdin=slave, stdout=slave, stderr=slave, start_new_session=True
    )
    os.close(slave)
    return child, master


def _until(master: int, *signs: bytes, seconds: float) -> float:
    """Seconds until one of `signs` was shown on the terminal."""
    began = time.monotonic()
    seen = b""
    while time.monotonic() - began < seconds:
        if select.select([master], [], [], 0.05)[0]:
            seen += os.read(master, 4096)
            if any(sign in seen for sign in signs):
                return time.monotonic() - began
    return seconds


def _asked(environment: dict[str, str]) -> str:
    """Ask what was said, until that is recalled by all that it can go by; gives what that is."""
    note("a question, once what was said is understood")
    models = Weights(models_dir())
    wanted = "words and minilm-l6" if models.installed("minilm-l6") else "words"
    until = time.monotonic() + UNDERSTOOD_S
    ways = ""
    while ways != wanted and time.monotonic() < until:
        time.sleep(5.0)
        _first_words(environment, ASKED)
        told = subprocess.run(
            [OONA, "why", "--json"], env=environment, check=True, capture_output=True
        )
        ways = " and ".join(json.loads(told.stdout)["searched"].get("by", ()))
    return ways


def _resting(environment: dict[str, str], ways: str) -> list[Figure]:
    """Memory and processor time of the owner and of the model's child while nobody speaks."""
    [owner] = owners(Paths.find(environment))
    model = _model_of(owner)
    note(f"{IDLE_S:g} s of rest")
    before = {pid: _cpu(pid) for pid in (owner, model)}
    time.sleep(IDLE_S)
    return [
        at_most(f"memory of the owner, recall by {ways} (Pss)", _memory(owner), 150, "MB"),
        Figure("memory of the model's process (Pss)", _memory(model), "MB"),
        at_most(f"idle CPU of the owner over {IDLE_S:g} s", _percent(owner, before), 0.5, "%"),
        at_most(f"idle CPU of the model over {IDLE_S:g} s", _percent(model, before), 0.5, "%"),
    ]


def _model_of(owner: int) -> int:
    """The process that runs the language model for an owner: its only child."""
    for children in Path(f"/proc/{owner}/task").glob("*/children"):
        if found := children.read_text(encoding="ascii").split():
            return int(found[0])
    raise RuntimeError(f"the owner {owner} has no process for the language model")


def _cpu(pid: int) -> int:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def _percent(pid: int, before: dict[int, int]) -> float:
    return (_cpu(pid) - before[pid]) / _TICKS / IDLE_S * 100


def _memory(pid: int) -> float:
    """Resident memory in MB, with what is shared counted in proportion (Pss)."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError(f"process {pid} does not say what memory it takes")
