"""Starting: to the prompt, to the first clause of a one-shot, attached, and what waiting costs."""

from __future__ import annotations

import os
import pty
import select
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from oona.app.paths import models_dir

NAME = "start"
OONA = str(Path(sys.executable).with_name("oona"))
IDLE_S = 30.0
_TICKS = os.sysconf("SC_CLK_TCK")


def run() -> dict[str, object]:
    """Start, say and wait in a home of its own, with the models that are already here."""
    with tempfile.TemporaryDirectory() as home:
        environment = {
            **os.environ,
            "OONA_HOME": f"{home}/home",
            "OONA_KEYS": f"{home}/keys",
            "OONA_MODELS": str(models_dir()),
        }
        subprocess.run(
            [OONA, "settings", "--defaults"], env=environment, check=True, capture_output=True
        )
        _first_words(environment)  # once, so that the prefix is read and its cache saved
        one_shot = [_first_words(environment) for _ in range(3)]
        talk, master = _talk(environment)
        prompt = _until(master, b"\xe2\x80\xba", b"> ", seconds=30.0)
        _first_words(environment)  # waits until the model is there
        attached = [_first_words(environment) for _ in range(3)]
        resting = _resting(environment)
        os.close(master)
        talk.send_signal(signal.SIGHUP)
        talk.wait(timeout=20)
    return {
        "prompt_s": round(prompt, 2),
        "one_shot_first_clause_s": [round(value, 2) for value in one_shot],
        "attached_first_clause_s": [round(value, 2) for value in attached],
        **resting,
    }


def _first_words(environment: dict[str, str]) -> float:
    """Seconds from starting `oona say` to the first byte of its reply."""
    began = time.monotonic()
    child = subprocess.Popen(
        [OONA, "say", "I had soup today."], env=environment, stdout=subprocess.PIPE
    )
    assert child.stdout is not None  # noqa: S101 - a pipe was asked for
    child.stdout.read(1)
    first = time.monotonic() - began
    child.communicate()
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


def _resting(environment: dict[str, str]) -> dict[str, object]:
    """Memory and processor time of the owner and of the model's child while nobody speaks."""
    owner = _pid("oona.app.owner", environment["OONA_HOME"])
    model = _pid("oona.providers.llama.child", environment["OONA_HOME"])
    before = {pid: _cpu(pid) for pid in (owner, model) if pid}
    time.sleep(IDLE_S)
    return {
        "owner_memory_mb": _memory(owner),
        "model_memory_mb": _memory(model),
        "idle_s": IDLE_S,
        "owner_idle_cpu_percent": _percent(owner, before),
        "model_idle_cpu_percent": _percent(model, before),
    }


def _pid(module: str, home: str) -> int:
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            command = (entry / "cmdline").read_bytes()
            variables = (entry / "environ").read_bytes()
        except OSError:
            continue
        if module.encode() in command and home.encode() in variables:
            return int(entry.name)
    return 0


def _cpu(pid: int) -> int:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def _percent(pid: int, before: dict[int, int]) -> float | None:
    return round((_cpu(pid) - before[pid]) / _TICKS / IDLE_S * 100, 3) if pid else None


def _memory(pid: int) -> float | None:
    """Resident memory in MB that is not shared with other processes (Pss)."""
    if not pid:
        return None
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
        if line.startswith("Pss:"):
            return round(int(line.split()[1]) / 1024, 1)
    return None
