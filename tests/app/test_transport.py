"""The socket in both its forms, with a service that is made up."""

from __future__ import annotations

import asyncio
import stat
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest

import oona
from oona.app.attach import Attachment
from oona.app.connection import MOST_JUNK, Connection
from oona.app.operations.request import Answers, Client
from oona.app.protocol import MOST_PENDING, PROTOCOL, Message, OwnerGone, decode, encode
from oona.app.transport import Listener, connect
from oona.core.errors import BadInput, Busy

pytestmark = pytest.mark.server


class Echo:
    """Says back what it is asked, waits when told to, and breaks when told to."""

    def __init__(self) -> None:
        self.left: list[Client] = []
        self.here = 0
        self.waiting = asyncio.Event()

    def hello(self) -> Message:
        return {"oona": "hello", "version": oona.__version__, "person": "me", "pid": 1}

    def arrive(self) -> None:
        self.here += 1

    def depart(self) -> None:
        self.here -= 1

    def abandon(self, client: Client) -> None:
        client.gone = True
        self.waiting.set()

    async def leave(self, client: Client) -> None:
        self.left.append(client)

    async def run(self, op: str, args: dict[str, object], client: Client) -> Answers:
        if op == "wait":
            await self.waiting.wait()
        if op == "break":
            raise ZeroDivisionError
        if op == "refuse":
            raise BadInput("No.", "Ask otherwise.")
        yield {"type": "clause", "text": "…"}
        yield {"op": op, **args}


class House:
    """A listener, what it serves, and the defects it was told of."""

    def __init__(self, path: Path, *, unix: bool) -> None:
        self.path, self.unix = path, unix
        self.listener = Listener(path, unix=unix)
        self.echo = Echo()
        self.defects: list[BaseException] = []
        self.tasks: set[asyncio.Task[None]] = set()

    async def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self.tasks.add(task)
        streams = (reader, writer)
        service = self.echo
        connection = Connection(streams, service, self.listener.token, self.defects.append)  # type: ignore[arg-type]
        await connection.serve()

    async def attach(self, token: str | None = None) -> Attachment:
        streams, known = await connect(self.path, unix=self.unix)
        attachment = Attachment(*streams)
        await attachment.greet(known if token is None else token)
        return attachment


@pytest.fixture(params=[True, False], ids=["unix", "loopback"])
async def house(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[House]:
    """A house that listens, once on each kind of socket."""
    made = House(tmp_path / "r" / "s.sock", unix=request.param)
    await made.listener.open(made.accept)
    yield made
    made.listener.close()
    await asyncio.gather(*made.tasks)
    assert not made.path.exists()


async def test_a_request_comes_back(house: House) -> None:
    """A request's clauses and its end come back, whichever socket they pass through."""
    attachment = await house.attach()
    got = [message["type"] async for message in attachment.request("x", text="Ünï\ncode")]
    assert got == ["clause", "done"]
    assert (await attachment.ask("x", text="Ünï\ncode"))["text"] == "Ünï\ncode"
    await attachment.close()


async def test_requests_overlap(house: House) -> None:
    """A request is answered while another of the same client is still waiting."""
    attachment = await house.attach()
    waiting = asyncio.create_task(attachment.ask("wait"))
    assert (await attachment.ask("quick"))["op"] == "quick"
    await attachment.close()
    with pytest.raises(OwnerGone):
        await waiting


async def test_more_requests_than_can_be_kept_apart_are_refused(house: House) -> None:
    """A client that asks for too much at once is refused what is too much."""
    attachment = await house.attach()
    waits = [asyncio.create_task(attachment.ask("wait")) for _ in range(MOST_PENDING)]
    await asyncio.sleep(0.1)
    with pytest.raises(Busy):
        await attachment.ask("quick")
    await attachment.close()
    await asyncio.gather(*waits, return_exceptions=True)


async def test_a_defect_is_told_without_its_words(house: House) -> None:
    """What nobody expected is answered with a kind sentence, written down, and hurts no other."""
    attachment = await house.attach()
    with pytest.raises(Exception, match="broke") as fault:
        await attachment.ask("break")
    assert "ZeroDivision" not in str(fault.value)
    assert [type(defect) for defect in house.defects] == [ZeroDivisionError]
    assert (await attachment.ask("x"))["op"] == "x"
    await attachment.close()


async def test_a_refusal_keeps_its_hint(house: House) -> None:
    """An error of the owner's comes out of the request that met it, hint and all."""
    attachment = await house.attach()
    with pytest.raises(BadInput, match="No") as fault:
        await attachment.ask("refuse")
    assert fault.value.hint == "Ask otherwise."
    await attachment.close()


async def test_only_who_knows_the_token_is_heard(house: House) -> None:
    """On a port that others can reach, nobody is served who does not show the token."""
    if house.unix:
        assert house.listener.token == ""
        assert stat.S_IMODE(house.path.stat().st_mode) == 0o600
        return
    assert stat.S_IMODE(house.path.stat().st_mode) == 0o600
    stranger = await house.attach(token="guess")
    with pytest.raises(OwnerGone):
        await stranger.ask("x")
    await stranger.close()
    assert house.echo.here == 0


async def test_junk_ends_the_connection_in_the_end(house: House) -> None:
    """Line after line of junk is refused each time, and after a while no longer listened to."""
    (reader, writer), token = await connect(house.path, unix=house.unix)
    await reader.readline()
    writer.write(encode({"oona": "hello", "protocol": PROTOCOL, "token": token}))
    writer.write(b"junk\n" * (MOST_JUNK + 5))
    lines = (await reader.read()).splitlines()
    assert [decode(line)["type"] for line in lines] == ["error"] * MOST_JUNK
    writer.close()
    with suppress(ConnectionError):
        await writer.wait_closed()


async def test_a_client_that_leaves_is_let_go(house: House) -> None:
    """When a client goes, what it had asked for is ended, and it is counted no more."""
    attachment = await house.attach()
    waiting = asyncio.create_task(attachment.ask("x"))
    await waiting
    await attachment.close()
    async with asyncio.timeout(5):
        while house.echo.here:  # noqa: ASYNC110 - the other side has no event to wait for
            await asyncio.sleep(0.01)
    assert len(house.echo.left) == 1
