"""The private local socket between the owner of a journal and its clients.

On Unix a socket file in a folder that only its person may enter. Windows has none that asyncio can
use: there, a port on the loopback address, written with a random token to a private file.
"""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

from oona.app.paths import private_folder
from oona.app.protocol import MOST_LINE

Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]

UNIX_SOCKETS = sys.platform != "win32"


class Listener:
    """The owner's end. `token` is what a client must show, empty where the folder is guard enough.

    Only for whoever holds the owner's lock: a socket file that is in the way is taken for a stale
    one.
    """

    def __init__(self, path: Path, *, unix: bool = UNIX_SOCKETS) -> None:
        self._path = path
        self._unix = unix
        self._server: asyncio.Server | None = None
        self.token = "" if unix else secrets.token_urlsafe(32)

    async def open(self, handler: Handler) -> None:
        """Begin to accept clients. Raises StorageFault when the folder cannot be used."""
        private_folder(self._path.parent)
        self._path.unlink(missing_ok=True)
        if self._unix:
            self._server = await asyncio.start_unix_server(handler, self._path, limit=MOST_LINE)
            self._path.chmod(0o600)
            return
        self._server = await asyncio.start_server(handler, "127.0.0.1", 0, limit=MOST_LINE)
        port = self._server.sockets[0].getsockname()[1]
        fresh = self._path.with_suffix(".new")
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            json.dump({"port": port, "token": self.token}, file)
        fresh.replace(self._path)

    def close(self) -> None:
        """Accept no more clients; those that are here stay."""
        if self._server is not None:
            self._server.close()
            self._path.unlink(missing_ok=True)


async def connect(path: Path, *, unix: bool = UNIX_SOCKETS) -> tuple[Streams, str]:
    """The streams to whoever listens at `path`, and the token to show them.

    Raises ConnectionError or FileNotFoundError when nobody does.
    """
    if unix:
        return await asyncio.open_unix_connection(path, limit=MOST_LINE), ""
    try:
        port, token = _written(path)
    except (ValueError, KeyError, TypeError) as fault:
        raise FileNotFoundError(path) from fault
    return await asyncio.open_connection("127.0.0.1", port, limit=MOST_LINE), token


def _written(path: Path) -> tuple[int, str]:
    known = json.loads(path.read_text(encoding="ascii"))
    return int(known["port"]), str(known["token"])
