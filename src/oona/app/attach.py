"""A client's end: reach the owner of a journal, starting it when there is none."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import os
import subprocess
import sys
from collections.abc import AsyncGenerator
from pathlib import Path

import oona
from oona.app.paths import Paths, person_name, private_folder
from oona.app.protocol import (
    PROTOCOL,
    Message,
    OtherVersion,
    OwnerGone,
    decode,
    encode,
    raised,
)
from oona.app.trace import open_log
from oona.app.transport import connect
from oona.core.errors import BadInput, OonaError, StorageFault

START_S = 60.0
CONNECT_S = 3.0
TRIES = 4

_DETACHED = 0
if sys.platform == "win32":
    _DETACHED = subprocess.DETACHED_PROCESS | subprocess.CREATE_NO_WINDOW

_started: list[subprocess.Popen[bytes]] = []
"""Owners that this process started: kept, so that they are waited for when they end."""


class Attachment:
    """A connection to the owner of one person's journal. For one event loop."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self._ids = itertools.count(1)
        self._answers: dict[int, asyncio.Queue[Message | None]] = {}
        self._listening: asyncio.Task[None] | None = None
        self._gone = False
        self.owner: Message = {}

    @property
    def gone(self) -> bool:
        """Whether the owner has ended or the connection was closed."""
        return self._gone

    async def greet(self, token: str) -> None:
        """Exchange hellos. Raises OtherVersion, or OwnerGone when nobody answers."""
        try:
            line = await asyncio.wait_for(self._reader.readline(), CONNECT_S)
            self.owner = decode(line)
            protocol = self.owner.get("protocol")
            self._writer.write(encode({"oona": "hello", "protocol": protocol, "token": token}))
            await self._writer.drain()
        except (BadInput, ValueError, OSError) as fault:  # a time-out is an OSError, too
            raise OwnerGone("The process that holds your journal does not answer.") from fault
        if protocol != PROTOCOL or self.owner.get("version") != oona.__version__:
            raise OtherVersion(
                f"Your journal is held by Oona {self.owner.get('version')}, still running, and "
                f"this is Oona {oona.__version__}.",
                "Close its windows: it ends with the last of them. Then try again.",
            )
        self._listening = asyncio.create_task(self._listen())

    async def request(self, op: str, **args: object) -> AsyncGenerator[Message, None]:
        """The answers to one request, the last of type "done".

        Raises the owner's error, or OwnerGone when it ended first.
        """
        if self._gone:
            raise _gone()
        number = next(self._ids)
        answers = self._answers[number] = asyncio.Queue()
        try:
            self._writer.write(encode({"id": number, "op": op, "args": args}))
            with contextlib.suppress(ConnectionError):  # the listener sees it too, and tells
                await self._writer.drain()
            while (message := await answers.get()) is not None:
                if message.get("type") == "error":
                    raise raised(message)
                yield message
                if message.get("type") == "done":
                    return
            raise _gone()
        finally:
            del self._answers[number]

    async def ask(self, op: str, **args: object) -> Message:
        """The result of one request."""
        last: Message = {}
        async with contextlib.aclosing(self.request(op, **args)) as answers:
            async for message in answers:
                last = message
        return last

    async def close(self) -> None:
        """Leave; the owner ends with its last client."""
        self._writer.close()
        if self._listening is not None:
            self._listening.cancel()
            await asyncio.gather(self._listening, return_exceptions=True)
        with contextlib.suppress(OSError, TimeoutError):
            await asyncio.wait_for(self._writer.wait_closed(), 1.0)

    async def _listen(self) -> None:
        try:
            while line := await self._reader.readline():
                message = decode(line)
                number = message.get("id")
                if isinstance(number, int) and number in self._answers:
                    self._answers[number].put_nowait(message)
        except (ConnectionError, ValueError, BadInput):
            pass
        finally:
            self._gone = True
            for answers in self._answers.values():
                answers.put_nowait(None)


async def attach(
    paths: Paths, person: str, *, start: bool = True, model_first: bool = False
) -> Attachment:
    """Reach the owner of `person`'s journal; with `start`, start one when there is none.

    With `model_first` that one loads its language model before all else: words come a good deal
    sooner, the first answer that needs none a little later.

    Raises OwnerGone when there is none and it could not be started, what kept it from starting,
    and OtherVersion.
    """
    person = person_name(person)
    socket = paths.socket(person)
    for attempt in range(TRIES):
        found = await _reach(socket)
        if found is not None:
            return found
        if not start:
            raise OwnerGone("Nobody holds the journal now.")
        if attempt:
            await asyncio.sleep(0.1 * attempt)
        socket = await _start(paths, person, model_first)
    raise OwnerGone(
        "The process that holds your journal was started but does not answer.",
        "`oona doctor` checks every part.",
    )


async def _reach(socket: Path) -> Attachment | None:
    try:
        (reader, writer), token = await asyncio.wait_for(connect(socket), CONNECT_S)
    except (OSError, TimeoutError):
        return None
    attachment = Attachment(reader, writer)
    try:
        await attachment.greet(token)
    except OwnerGone:  # it was just ending
        await attachment.close()
        return None
    except OtherVersion:
        await attachment.close()
        raise
    return attachment


async def _start(paths: Paths, person: str, model_first: bool) -> Path:
    """Start an owner, or learn who is one already; gives the socket to try."""
    _started[:] = [process for process in _started if process.poll() is None]
    process = _spawn(paths, person, model_first)
    _started.append(process)
    assert process.stdout is not None  # noqa: S101 - a pipe was asked for
    loop = asyncio.get_running_loop()
    reading = loop.run_in_executor(None, process.stdout.readline)
    try:
        line = await asyncio.wait_for(asyncio.shield(reading), START_S)
    except BaseException:
        process.kill()  # which also ends the reading
        with contextlib.suppress(ValueError, OSError):
            await reading
        raise
    finally:
        process.stdout.close()
    try:
        said = decode(line)
    except BadInput:
        raise OonaError(
            "The process that holds your journal could not be started.",
            f"{paths.logs / 'owner.log'} says where it stopped; `oona doctor` checks every part.",
        ) from None
    if isinstance(error := said.get("error"), dict):
        raise raised(error)
    return Path(str(said.get("socket") or paths.socket(person)))


def _spawn(paths: Paths, person: str, model_first: bool) -> subprocess.Popen[bytes]:
    private_folder(paths.home)
    private_folder(paths.logs)
    # A folder that happens to be the current one must not lend the owner, or its child, modules.
    env = os.environ | {"PYTHONSAFEPATH": "1"}
    command = [sys.executable, "-P", "-m", "oona.app.owner", "--person", person]
    if model_first:
        command.append("--model-first")
    try:
        with open_log(paths.logs / "owner.log") as log:
            return subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                env=env,
                start_new_session=True,  # Ctrl-C at the terminal is for the client alone
                creationflags=_DETACHED,
            )
    except OSError as fault:
        raise StorageFault(
            f"The process that holds your journal cannot be started: {fault.strerror}.",
            f"Is {paths.logs} writable for you?",
        ) from fault


def _gone() -> OwnerGone:
    return OwnerGone(
        "The process that holds your journal ended while we were talking.",
        "Nothing that was kept is lost.",
    )
