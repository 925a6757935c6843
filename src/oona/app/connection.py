"""One client's connection to the owner: requests in, answers out, and nothing that can hurt it."""

from __future__ import annotations

import asyncio
import contextlib
import hmac
from collections.abc import Callable

from oona.app.operations.request import Client
from oona.app.protocol import MOST_PENDING, PROTOCOL, Message, decode, encode, refusal
from oona.app.service import Service
from oona.core.errors import BadInput, Busy, OonaError

HELLO_S = 5.0
SLOW_S = 30.0
"""A client that does not read for so long is dropped: the conversation is not only its own."""

SETTLE_S = 10.0
"""How long a turn may take to write down that it was stopped."""

MOST_JUNK = 20


class Connection:
    """Serves one client until it goes. `on_defect` is told of errors nobody expected."""

    def __init__(
        self,
        streams: tuple[asyncio.StreamReader, asyncio.StreamWriter],
        service: Service,
        token: str,
        on_defect: Callable[[BaseException], None],
    ) -> None:
        self._reader, self._writer = streams
        self._service = service
        self._token = token
        self._on_defect = on_defect
        self._client = Client()
        self._tasks: dict[object, asyncio.Task[None]] = {}

    async def serve(self) -> None:
        """Answer until the client goes; then stop what it had asked for."""
        arrived = False
        try:
            if arrived := await self._greet():
                self._service.arrive()
                await self._listen()
        except (ConnectionError, TimeoutError):
            pass
        finally:
            await self._part()
            if arrived:
                self._service.depart()

    def hang_up(self) -> None:
        """End the connection from here; `serve` then returns."""
        self._writer.close()

    async def _greet(self) -> bool:
        await self._send({**self._service.hello(), "protocol": PROTOCOL})
        try:
            hello = decode(await asyncio.wait_for(self._reader.readline(), HELLO_S))
        except (BadInput, ValueError, TimeoutError):
            return False
        token = str(hello.get("token", ""))
        known = hmac.compare_digest(token.encode(), self._token.encode())
        return hello.get("oona") == "hello" and hello.get("protocol") == PROTOCOL and known

    async def _listen(self) -> None:
        junk = 0
        while junk < MOST_JUNK:
            try:
                line = await self._reader.readline()
            except ValueError:  # longer than any request
                await self._send(refusal(None, BadInput("That is more than I can take at once.")))
                return
            if not line:
                return
            request: object = None
            try:
                message = decode(line)
                request = message.get("id")
                self._begin(request, message)
            except OonaError as error:
                junk += 1
                await self._send(refusal(request, error))

    def _begin(self, request: object, message: Message) -> None:
        op, args = message.get("op"), message.get("args", {})
        if not isinstance(request, int) or not isinstance(op, str) or not isinstance(args, dict):
            raise BadInput("A request has a number as its id, an operation and its arguments.")
        if request in self._tasks:
            raise BadInput("That id is still in use.")
        if len(self._tasks) >= MOST_PENDING:
            raise Busy("That is more at once than I can keep apart.", "Wait for an answer first.")
        task = asyncio.create_task(self._answer(request, op, args))
        self._tasks[request] = task
        task.add_done_callback(lambda done: self._finished(request, done))

    async def _answer(self, request: int, op: str, args: dict[str, object]) -> None:
        last: Message | None = None
        try:
            answers = self._service.run(op, args, self._client)
            async with contextlib.aclosing(answers):
                async for message in answers:
                    if message.get("type") in ("clause", "composed"):
                        await self._send({"id": request, **message})
                    else:
                        last = message
        except OonaError as error:
            await self._send(refusal(request, error))
            return
        if last is not None:
            await self._send({"id": request, "type": "done", **last})

    def _finished(self, request: object, task: asyncio.Task[None]) -> None:
        self._tasks.pop(request, None)
        if task.cancelled() or (error := task.exception()) is None:
            return
        if isinstance(error, ConnectionError | TimeoutError):
            return
        self._on_defect(error)
        if not self._client.gone:
            sorry = OonaError(
                "Something in me broke while I was doing that.",
                "What you said before is safe. `oona doctor` may know more; the log of defects "
                "says where it happened, without any of your words.",
            )
            sorry.code = "defect"
            self._writer.write(encode(refusal(request, sorry)))

    async def _send(self, message: Message) -> None:
        if self._client.gone:
            return
        self._writer.write(encode(message))
        try:
            await asyncio.wait_for(self._writer.drain(), SLOW_S)
        except (ConnectionError, TimeoutError):
            # The turn goes on to its end without its listener, so that the journal has all of it.
            self._service.abandon(self._client)
            self._writer.transport.abort()

    async def _part(self) -> None:
        self._service.abandon(self._client)
        pending = list(self._tasks.values())
        if pending:
            _, late = await asyncio.wait(pending, timeout=SETTLE_S)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        await self._service.leave(self._client)
        self._writer.close()
        with contextlib.suppress(ConnectionError, TimeoutError):
            await asyncio.wait_for(self._writer.wait_closed(), 1.0)
