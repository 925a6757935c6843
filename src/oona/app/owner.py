"""The owner: the one process that holds a person's journal and the model, and serves all clients.

`python -m oona.app.owner --person NAME`, started by `attach.py` when nobody owns the journal yet.
It tells whoever started it, in one line of JSON on standard output, that it listens or why it
cannot; then it writes nothing more. It ends with its last client, or `owner.linger` seconds later.

With `--model-first` somebody waits for words: the model, which takes longest, then begins to load
before the rest of the owner is even imported. That is why so little is imported here.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import faulthandler
import importlib
import logging
import os
import signal
import sys
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Protocol

from oona.app import settings as settings_file
from oona.app.lock import OwnerLock
from oona.app.models import seat
from oona.app.paths import Paths, person_name
from oona.app.protocol import Message, encode, refusal
from oona.app.settings import Settings
from oona.app.trace import outline, write_trace
from oona.app.transport import connect
from oona.core.clock import SystemClock
from oona.core.errors import OonaError, StorageFault

if TYPE_CHECKING:
    from oona.app.seat import Seat
    from oona.app.serving import Owner

HANDOVER_S = 20.0
"""How long to wait for an owner that is just ending."""


class Say(Protocol):
    """Tells whoever started this process how it went, once."""

    def __call__(
        self, state: str, socket: Path | None = None, error: OonaError | None = None
    ) -> None: ...


async def own(
    person: str, paths: Paths, settings: Settings, say: Say, *, model_first: bool = False
) -> None:
    """Own the person's journal until nobody needs it.

    `say` takes "ready", or "elsewhere" and the socket of the process that owns it and answers.
    Raises what `open_companion` raises.
    """
    lock = OwnerLock(paths.lock(person))
    if (elsewhere := await _taken(lock)) is not None:
        say("elsewhere", elsewhere)
        return
    model = seat(settings, paths)
    try:
        lock.sign(paths.socket(person))
        if model_first:
            model.refresh()
        owner = await _owner(person, paths, settings, model)
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _loop, context: _unexpected(owner, context))
        for name in ("SIGTERM", "SIGINT", "SIGHUP"):
            with contextlib.suppress(NotImplementedError, AttributeError):  # not on Windows
                loop.add_signal_handler(getattr(signal, name), owner.end)
        await owner.run(lambda: say("ready"))
    finally:
        await model.stop()
        lock.release()


async def _owner(person: str, paths: Paths, settings: Settings, model: Seat) -> Owner:
    # Imported off the loop, on which the model's process is being started meanwhile.
    await asyncio.to_thread(importlib.import_module, "oona.app.serving")
    from oona.app.serving import Owner
    from oona.app.transport import Listener
    from oona.app.wiring import open_companion

    companion = await open_companion(person, paths, settings, model)
    return Owner(companion, Listener(paths.socket(person)))


async def _taken(lock: OwnerLock) -> Path | None:
    """Take the lock, or give the socket of the owner that has it and answers."""
    # It may also be held by an owner that is ending: its clients have gone, its socket too, and it
    # is closing the journal. For that one we wait.
    loop = asyncio.get_running_loop()
    until = loop.time() + HANDOVER_S
    while not lock.take():
        holder = lock.holder()
        if holder is not None:
            with contextlib.suppress(OSError, TimeoutError):
                (_, writer), _ = await asyncio.wait_for(connect(holder[1]), 1.0)
                writer.close()
                return holder[1]
        if loop.time() > until:
            number = f" {holder[0]}" if holder else ""
            raise StorageFault(
                f"Another process of Oona{number} holds this journal and does not answer.",
                "End that process, then try again. Nothing that was kept is lost.",
            )
        await asyncio.sleep(0.05)
    return None


def _unexpected(owner: Owner, context: dict[str, object]) -> None:
    error = context.get("exception")
    if isinstance(error, BaseException):
        owner.on_defect(error)


def _silent_hook(
    _kind: type[BaseException], error: BaseException, _trace: TracebackType | None
) -> None:
    sys.stderr.write(outline(error) + "\n")


def main() -> None:
    """Own one person's journal, as `attach.py` asks for it."""
    parser = argparse.ArgumentParser(prog="oona.app.owner")
    parser.add_argument("--person", required=True)
    parser.add_argument("--model-first", action="store_true")
    asked = parser.parse_args()
    # Nothing that is said may reach a log: what libraries would write, messages of errors too.
    sys.excepthook = _silent_hook
    logging.getLogger().addHandler(logging.NullHandler())
    faulthandler.enable()
    # Read once, when numpy is loaded: more threads would take the language model's cores from it.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    os.umask(0o077)
    out = os.dup(1)
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    os.close(null)

    def say(state: str, socket: Path | None = None, error: OonaError | None = None) -> None:
        line: Message = {"state": state}
        if socket is not None:
            line["socket"] = str(socket)
        if error is not None:
            line["error"] = refusal(None, error)
        with contextlib.suppress(OSError):  # whoever started it may be gone
            os.write(out, encode(line))
        os.close(out)

    try:
        paths = Paths.find()
        settings = settings_file.load(paths.config)
        person = person_name(asked.person)
        asyncio.run(own(person, paths, settings, say, model_first=asked.model_first))
    except OonaError as error:
        write_trace(Paths.find().logs, error, SystemClock())
        say("failed", error=error)
        sys.exit(1)


if __name__ == "__main__":
    main()
