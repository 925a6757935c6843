"""The owner of a journal and those who attach to it, as real processes on a real socket."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import stat
from pathlib import Path

import pytest

import oona
from oona.app.attach import Attachment
from oona.app.conversation import Conversation, ReplyLost
from oona.app.operations.talking import WAITING_TURNS
from oona.app.paths import Paths
from oona.app.protocol import MOST_LINE, PROTOCOL, OtherVersion, OwnerGone, decode, encode
from oona.app.transport import connect
from oona.core.errors import BadInput, Busy, StorageFault, WrongKey
from oona.testing.owners import owners
from tests.app.conftest import Reach, gone, pid_of, said, texts, until, written

pytestmark = pytest.mark.server

LONG = "I walked along the river with a friend, past the old mill, and we talked about the sea."


async def test_a_turn_goes_through_and_is_kept(reach: Reach) -> None:
    """A turn comes back clause by clause, its end names its events, and the journal has both."""
    attachment = await reach()
    clauses, end = await said(attachment, "Good morning to you.")
    assert "".join(clauses) == end["reply"] != ""
    heard, spoken = await texts(attachment, "turn.heard"), await texts(attachment, "turn.said")
    assert (heard, spoken) == (["Good morning to you."], [end["reply"]])


async def test_the_owner_ends_with_its_last_client(paths: Paths, reach: Reach) -> None:
    """While one client is there the owner stays; when the last has gone it ends and tidies up."""
    first, second = await reach(), await reach()
    pid = pid_of(first)
    await first.close()
    assert (await second.ask("status"))["clients"] == 1
    await second.close()
    await gone(pid)
    assert not paths.socket("me").exists()


async def test_owners_are_found_by_their_home(paths: Paths, reach: Reach) -> None:
    """Those that run are found, one for each person; one that has ended is found no more."""
    mine, other = await reach(), await reach("anna")
    assert owners(paths) == [pid_of(other), pid_of(mine)]
    await other.close()
    await gone(pid_of(other))
    assert owners(paths) == [pid_of(mine)]
    assert (await said(mine, "Good morning."))[0]


async def test_two_clients_share_one_conversation(reach: Reach) -> None:
    """Two that attach at the same moment reach one owner, and hear of the same journal."""
    first, second = await asyncio.gather(reach(), reach())
    assert pid_of(first) == pid_of(second)
    await asyncio.gather(said(first, "One."), said(second, "Two."))
    assert sorted(await texts(first, "turn.heard")) == ["One.", "Two."]
    assert await texts(first, "turn.said") == await texts(second, "turn.said")
    await first.close()


async def test_many_that_start_at_once_share_one_owner(reach: Reach) -> None:
    """However many start at the same moment, one process owns the journal."""
    many = await asyncio.gather(*(reach() for _ in range(4)))
    assert len({pid_of(one) for one in many}) == 1


async def test_an_owner_lingers_when_it_is_told_to(
    reach: Reach, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With `owner.linger` the next client finds the same process."""
    monkeypatch.setenv("OONA_LINGER", "30")
    first = await reach()
    await first.close()
    second = await reach(start=False)
    assert pid_of(second) == pid_of(first)


async def test_an_owner_killed_between_turns_is_replaced(paths: Paths, reach: Reach) -> None:
    """Words said to an owner that was killed are said to a fresh one, once."""
    conversation = Conversation(paths, "me")
    attachment = await conversation.attach()
    await said(attachment, "Before.")
    os.kill(pid_of(attachment), signal.SIGKILL)
    await gone(pid_of(attachment))
    assert paths.socket("me").exists()  # stale: nobody was left to remove it
    replies = [m async for m in conversation.say("After.") if m["type"] == "done"]
    assert len(replies) == 1
    assert await texts(await conversation.attach(), "turn.heard") == ["Before.", "After."]
    await conversation.close()


async def test_an_owner_killed_in_mid_reply_loses_nothing(
    paths: Paths, reach: Reach, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the owner is killed while it answers, the words are kept and that is said plainly."""
    monkeypatch.setenv("OONA_LLM", "echo:500")
    conversation = Conversation(paths, "me")
    pid = pid_of(await conversation.attach())
    reply = conversation.say(LONG)
    await anext(reply)
    os.kill(pid, signal.SIGKILL)
    with pytest.raises(ReplyLost) as fault:
        await anext(reply)
    assert "kept" in fault.value.hint
    assert await texts(await conversation.attach(), "turn.heard") == [LONG]
    assert (await conversation.ask("verify"))["sound"]
    await conversation.close()


async def test_a_plain_request_hears_that_the_owner_has_gone(reach: Reach) -> None:
    """A client in the middle of a request is told in words that its owner ended."""
    attachment = await reach()
    os.kill(pid_of(attachment), signal.SIGKILL)
    await gone(pid_of(attachment))
    with pytest.raises(OwnerGone):
        await attachment.ask("status")


async def test_a_client_that_dies_stops_its_reply(
    reach: Reach, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reply whose listener has gone is stopped, and the journal says how far it came."""
    monkeypatch.setenv("OONA_LLM", "echo:500")
    stays, dies = await reach(), await reach()
    speaking = asyncio.create_task(said(dies, LONG))
    await until(lambda: written(stays, "turn.heard"))
    await dies.close()
    with pytest.raises(OwnerGone):
        await speaking
    await until(lambda: written(stays, "turn.said"), 5)  # the whole reply would take longer
    page = await stays.ask("journal", limit=1, kinds=["turn.said"])
    assert isinstance(page["events"], list)
    assert page["events"][0]["body"]["stopped"] is True


async def test_a_reply_is_stopped_at_a_word(reach: Reach, monkeypatch: pytest.MonkeyPatch) -> None:
    """`stop` ends the reply being said; the next turn is answered as ever."""
    monkeypatch.setenv("OONA_LLM", "echo:500")
    attachment = await reach()
    speaking = asyncio.create_task(said(attachment, LONG))
    await until(lambda: written(attachment, "turn.heard"))
    assert (await attachment.ask("stop"))["stopped"] is True
    _, end = await asyncio.wait_for(speaking, 5)
    assert end["stopped"] is True
    _, end = await said(attachment, "What time is it?")
    assert end["stopped"] is False


async def test_a_stop_is_never_too_early(reach: Reach, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wherever in a turn the stop comes, also before the reply begins, the turn is stopped."""
    monkeypatch.setenv("OONA_LLM", "echo:2000")
    attachment = await reach()
    for pause in (0.0, 0.001, 0.002, 0.004, 0.008, 0.016, 0.032):
        speaking = asyncio.create_task(said(attachment, LONG))
        await asyncio.sleep(pause)
        await until(lambda: _stopped(attachment))
        _, end = await asyncio.wait_for(speaking, 10)
        assert end["stopped"] is True


async def _stopped(attachment: Attachment) -> bool:
    return (await attachment.ask("stop"))["stopped"] is True


async def test_a_folder_that_is_gone_is_noticed(paths: Paths, reach: Reach) -> None:
    """When the folder is removed under a running owner, nothing is taken that would be lost."""
    attachment = await reach()
    await said(attachment, "Hello.")
    paths.person("me").rename(paths.home / "elsewhere")
    with pytest.raises(StorageFault):
        await said(attachment, "Are you there?")
    (paths.home / "elsewhere").rename(paths.person("me"))
    await said(attachment, "And now?")
    assert await texts(attachment, "turn.heard") == ["Hello.", "And now?"]


async def test_too_many_turns_at_once_are_refused(
    reach: Reach, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Turns queue up to a limit; those beyond it are refused in a sentence, the others answered."""
    monkeypatch.setenv("OONA_LLM", "echo:20")
    attachment = await reach()
    turns = [said(attachment, f"Turn number {n}.") for n in range(WAITING_TURNS + 3)]
    ends = await asyncio.gather(*turns, return_exceptions=True)
    refused = [end for end in ends if isinstance(end, Busy)]
    assert 0 < len(refused) == len(ends) - len(await texts(attachment, "turn.heard"))


HELLO = encode({"oona": "hello", "protocol": PROTOCOL, "token": ""})


@pytest.mark.parametrize(
    "junk",
    [
        b"",
        b"\0\0\0\0",
        b"\xff\xfe\n" * 100,
        b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        encode({"oona": "hello", "protocol": 99}),
        HELLO + b"[]\n{}\n1\n" * 50,
        HELLO + b'{"id": 1}\n{"id": "x", "op": "say"}\n{"id": 1, "op": "__class__", "args": {}}\n',
        HELLO + encode({"id": 1, "op": "say", "args": {"text": ["no"]}}),
        HELLO + encode({"id": 1, "op": "journal", "args": {"limit": 1 << 80}}),
        HELLO + b"[" * 100_000 + b"\n",
        HELLO + b"x" * (MOST_LINE + 10),
    ],
    ids=lambda junk: repr(junk[-20:]),
)
async def test_junk_on_the_socket_hurts_nobody(paths: Paths, reach: Reach, junk: bytes) -> None:
    """Whatever comes through the socket, the owner goes on answering those who talk sense."""
    attachment = await reach()
    (reader, writer), _ = await connect(paths.socket("me"))
    with contextlib.suppress(ConnectionError):
        writer.write(junk)
        await writer.drain()
        writer.write_eof()
        async with asyncio.timeout(20):
            await reader.read()
    writer.close()
    with contextlib.suppress(ConnectionError):
        await writer.wait_closed()
    _, end = await said(attachment, "Are you still there?")
    assert end["reply"]


async def test_a_request_that_cannot_be_is_refused(reach: Reach) -> None:
    """An unknown operation and a bad argument are refused in a sentence."""
    attachment = await reach()
    for op, args in (
        ("dance", {}),
        ("say", {}),
        ("settle", {}),
        ("settle", {"values": {"a": "b"}}),
    ):
        with pytest.raises(BadInput):
            await attachment.ask(op, **args)


async def test_the_socket_is_for_its_person_alone(paths: Paths, reach: Reach) -> None:
    """Nobody else on the machine can reach the socket, its folder, the journal or the key."""
    attachment = await reach()
    await said(attachment, "Hello.")
    private = [paths.socket("me"), paths.journal("me"), *paths.keys.iterdir()]
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in private)
    folders = [paths.runtime, paths.home, paths.person("me"), paths.keys, paths.logs]
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o700 for path in folders)


async def test_no_log_holds_a_word(paths: Paths, reach: Reach) -> None:
    """Nothing that was said stands in any file outside the encrypted journal."""
    attachment = await reach()
    await said(attachment, "The password of the xylophone is quicksilver.")
    await attachment.close()
    await gone(pid_of(attachment))
    files = [p for folder in (paths.home, paths.keys, paths.runtime) for p in folder.rglob("*")]
    for path in files:
        assert b"quicksilver" not in (path.read_bytes() if path.is_file() else b""), path


async def test_another_version_is_told_apart(reach: Reach, monkeypatch: pytest.MonkeyPatch) -> None:
    """A client of another version says so, and what to do, in place of guessing."""
    await reach()
    with monkeypatch.context() as newer:
        newer.setattr(oona, "__version__", "9.9.9")
        with pytest.raises(OtherVersion, match=r"9\.9\.9") as fault:
            await reach()
    assert fault.value.hint


async def test_a_key_that_is_gone_is_told_at_once(paths: Paths, reach: Reach) -> None:
    """An owner that cannot open the journal says why to the client that started it."""
    attachment = await reach()
    await said(attachment, "Hello.")
    await attachment.close()
    await gone(pid_of(attachment))
    (paths.keys / "me.key").rename(paths.keys / "aside")
    with pytest.raises(WrongKey):
        await reach()
    (paths.keys / "me.key").write_text("00" * 32 + "\n", encoding="ascii")
    with pytest.raises(WrongKey):
        await reach()


@pytest.mark.skipif(os.getuid() == 0, reason="only a person who is not root can be refused")
async def test_a_folder_that_cannot_be_written_is_told(paths: Paths, reach: Reach) -> None:
    """A read-only home is told as such."""
    paths.home.mkdir()
    paths.home.chmod(0o500)
    try:
        with pytest.raises(StorageFault):
            await reach()
    finally:
        paths.home.chmod(0o700)


async def test_a_megabyte_goes_through(reach: Reach) -> None:
    """A million characters of the widest kind fit through the socket; more is refused kindly."""
    attachment = await reach()
    _, end = await said(attachment, "\U0001f33b" * 1_000_000)
    assert end["heard"]
    with pytest.raises(BadInput, match="1,000,001"):
        await said(attachment, "\x01" * 1_000_001)


async def test_the_hello_is_a_line_of_json(paths: Paths, reach: Reach) -> None:
    """The owner says at once what it is, so that another program can tell."""
    await reach()
    (reader, writer), _ = await connect(paths.socket("me"))
    hello = decode(await reader.readline())
    assert (hello["oona"], hello["protocol"], hello["person"]) == ("hello", PROTOCOL, "me")
    writer.close()
    await writer.wait_closed()


async def test_a_file_in_the_sockets_place_is_no_obstacle(paths: Paths, reach: Reach) -> None:
    """Something stale where the socket goes is replaced by whoever owns the journal."""
    _put(paths.socket("me"), "stale")
    attachment = await reach()
    assert (await attachment.ask("status"))["person"] == "me"


def _put(path: Path, text: str) -> None:
    path.parent.mkdir(mode=0o700, exist_ok=True)
    path.write_text(text, encoding="ascii")
