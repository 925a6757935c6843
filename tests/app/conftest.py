"""Owners for tests: real processes, with the scripted model, in folders of the test's own."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

import oona.app.attach
from oona.app.attach import Attachment, attach
from oona.app.paths import Paths
from oona.app.protocol import Message, OwnerGone
from tests.conftest import Home


@pytest.fixture
def paths(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Paths:
    """The folders of this test's Oona, whose replies are scripted."""
    runtime = tmp_path / "r"
    runtime.mkdir(mode=0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))
    monkeypatch.setenv("OONA_LLM", "echo")
    return Paths.find()


Reach = Callable[..., Awaitable[Attachment]]


@pytest.fixture
async def reach(paths: Paths) -> AsyncIterator[Reach]:
    """Attaches to the owner; at the end of the test everyone leaves, and so does the owner."""
    attached: list[Attachment] = []

    async def attached_one(person: str = "me", *, start: bool = True) -> Attachment:
        attached.append(await attach(paths, person, start=start))
        return attached[-1]

    yield attached_one
    for attachment in attached:
        await attachment.close()
    with contextlib.suppress(OwnerGone):  # one that lingers
        left = await attach(paths, "me", start=False)
        await left.close()
        os.kill(pid_of(left), signal.SIGKILL)
    for process in oona.app.attach._started:
        await asyncio.to_thread(process.wait, 30)


def pid_of(attachment: Attachment) -> int:
    """The process id of the owner."""
    return int(str(attachment.owner["pid"]))


async def gone(pid: int, seconds: float = 15.0) -> None:
    """Return when the process has ended; fail when it lives on."""
    await until(lambda: not alive(pid), seconds)


async def until(holds: Callable[[], bool | Awaitable[bool]], seconds: float = 15.0) -> None:
    """Return as soon as `holds` does; fail when that takes longer."""
    async with asyncio.timeout(seconds):
        while True:
            found = holds()
            if found if isinstance(found, bool) else await found:
                return
            await asyncio.sleep(0.02)


def alive(pid: int) -> bool:
    """Whether the process runs; a zombie that nobody has waited for does not."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text("ascii", "replace")
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


async def said(attachment: Attachment, text: str) -> tuple[list[str], Message]:
    """The clauses of a turn, and its end."""
    clauses: list[str] = []
    end: Message = {}
    async for message in attachment.request("say", text=text):
        if message["type"] == "clause":
            clauses.append(str(message["text"]))
        else:
            end = message
    return clauses, end


async def written(attachment: Attachment, kind: str) -> bool:
    """Whether an event of a kind stands in the journal."""
    return bool(await texts(attachment, kind))


async def texts(attachment: Attachment, kind: str) -> list[str]:
    """The texts of all events of a kind, oldest first."""
    page = await attachment.ask("journal", after=0, limit=500, kinds=[kind])
    events = page["events"]
    assert isinstance(events, list)
    return [event["body"]["text"] for event in events]
