"""Idle time: work waits until it is quiet, and gives way at once."""

from __future__ import annotations

import asyncio

from oona.app.idle import Idle


async def test_work_gives_way_to_a_turn_at_once() -> None:
    """A turn that begins ends the piece that runs; the piece gives nothing."""
    idle, begun, ended = Idle(quiet=0.0), asyncio.Event(), asyncio.Event()

    async def long() -> str:
        begun.set()
        try:
            await asyncio.sleep(60)
        finally:
            ended.set()
        return "never"

    piece = asyncio.create_task(idle.run(long))
    await begun.wait()
    with idle.turn():
        await asyncio.wait_for(ended.wait(), 1.0)
        assert await piece is None
        assert idle.busy
    assert idle.interrupted == 1


async def test_nothing_begins_while_a_turn_runs_or_just_ended() -> None:
    """Work waits for the turn's end, and then for a while of quiet."""
    idle, loop = Idle(quiet=0.05), asyncio.get_running_loop()

    async def moment() -> float:
        return loop.time()

    with idle.turn():
        piece = asyncio.create_task(idle.run(moment))
        await asyncio.sleep(0.02)
        assert not piece.done()
        over = loop.time()
    began = await piece
    assert began is not None
    assert began - over >= 0.05


async def test_what_work_raises_is_raised() -> None:
    """An error of the work's is its caller's to take."""

    async def fails() -> None:
        raise KeyError("it")

    idle = Idle(quiet=0.0)
    try:
        await idle.run(fails)
    except KeyError:
        return
    raise AssertionError("it was swallowed")


async def test_the_end_of_the_owner_ends_the_work() -> None:
    """Whoever waits for a piece and is cancelled takes the piece along."""
    idle, begun, ended = Idle(quiet=0.0), asyncio.Event(), asyncio.Event()

    async def long() -> None:
        begun.set()
        try:
            await asyncio.sleep(60)
        finally:
            ended.set()

    running = asyncio.create_task(idle.run(long))
    await begun.wait()
    running.cancel()
    await asyncio.wait_for(ended.wait(), 1.0)
    assert (await asyncio.gather(running, return_exceptions=True))[0] is not None
