"""One client's side of the conversation, which outlives the owner process it talks to."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator

from oona.app.attach import Attachment, attach
from oona.app.paths import Paths
from oona.app.protocol import Message, OwnerGone
from oona.app.settings import Settings
from oona.core.errors import OonaError
from oona.core.events import Kind

_LOOK_BACK = 20


class ReplyLost(OonaError):
    """The owner ended after it had kept the words and before the whole reply had come."""

    code = "reply-lost"


class Conversation:
    """Says things to a companion.

    When the owner is killed it starts another, once for each turn, and neither says anything twice
    nor leaves anything unsaid. `model_first`: see `attach`.
    """

    def __init__(self, paths: Paths, person: str, *, model_first: bool = False) -> None:
        self._paths = paths
        self._person = person
        self._model_first = model_first
        self._attachment: Attachment | None = None
        self._client = ""

    async def attach(self) -> Attachment:
        """The connection, made anew if there is none or the owner has gone."""
        if self._attachment is not None and self._attachment.gone:
            await self.close()
        if self._attachment is None:
            self._attachment = await attach(
                self._paths, self._person, model_first=self._model_first
            )
            if self._client:
                await self._attachment.ask("open", client=self._client, again=True)
        return self._attachment

    def runs_with(self, settings: Settings) -> bool:
        """Whether the owner that was reached was started with these settings."""
        owner = self._attachment.owner if self._attachment is not None else {}
        return not owner or owner.get("settings") == settings.fingerprint()

    async def open(self, client: str) -> Message:
        """Open a session; its greeting under "text"."""
        opening = await (await self.attach()).ask("open", client=client)
        self._client = client
        return opening

    async def ask(self, op: str, **args: object) -> Message:
        """The result of an operation that may safely be asked for twice."""
        try:
            return await (await self.attach()).ask(op, **args)
        except OwnerGone:
            return await (await self.attach()).ask(op, **args)

    async def follow(self, op: str, **args: object) -> AsyncGenerator[Message, None]:
        """What an operation tells while it works, its result last. Raises OwnerGone."""
        async with contextlib.aclosing((await self.attach()).request(op, **args)) as answers:
            async for message in answers:
                yield message

    async def say(
        self,
        text: str,
        *,
        pasted: bool = False,
        keep: bool = False,
        via: str = "typed",
        paced: bool = False,
        confidence_milli: int = -1,
    ) -> AsyncGenerator[Message, None]:
        """One turn: its clauses, then its end. With `keep` it is only remembered, not answered.

        `via` is "typed" or "spoken". Whoever speaks the reply says so by `paced`, and how much of
        it was heard by `heard`. How sure a transcriber is of `text`, in thousandths, goes with it.

        Raises ReplyLost when the words were kept but the reply was not all said; the words need not
        be said again.
        """
        before = -1  # where the journal ended before the words were sent
        for attempt in (1, 2):
            try:
                attachment = await self.attach()
                before = await _head(attachment) if before < 0 else before
                answers = attachment.request(
                    "say",
                    text=text,
                    pasted=pasted,
                    keep=keep,
                    via=via,
                    paced=paced,
                    confidence_milli=confidence_milli,
                )
                async with contextlib.aclosing(answers):
                    async for message in answers:
                        yield message
                return
            except OwnerGone:
                if before >= 0 and await self._was_kept(text, before):
                    raise ReplyLost(
                        "The process that was answering was ended in the middle of its reply.",
                        "What you said is kept. Ask again if you want the rest.",
                    ) from None
                if attempt == 2:
                    raise

    async def heard(self, characters: int, *, over: bool) -> None:
        """So many characters of the reply that is being spoken were heard by now.

        With `over` no more of it will be. What goes wrong here goes wrong for `say` as well.
        """
        if self._attachment is not None and not self._attachment.gone:
            with contextlib.suppress(OonaError):
                await self._attachment.ask("heard", characters=characters, over=over)

    async def stop(self) -> None:
        """Stop the reply being said, if the owner is still there to stop it."""
        if self._attachment is not None and not self._attachment.gone:
            with contextlib.suppress(OwnerGone):
                await self._attachment.ask("stop")

    async def close(self) -> None:
        """Leave. The owner ends with its last client."""
        attachment, self._attachment = self._attachment, None
        if attachment is None:
            return
        if self._client and not attachment.gone:
            with contextlib.suppress(OonaError, TimeoutError):
                await asyncio.wait_for(attachment.ask("close"), 5.0)
        await attachment.close()

    async def _was_kept(self, text: str, before: int) -> bool:
        attachment = await self.attach()
        page = await attachment.ask(
            "journal", after=before, limit=_LOOK_BACK, kinds=[Kind.HEARD.value]
        )
        events = page.get("events")
        bodies = [event.get("body") for event in events] if isinstance(events, list) else []
        return any(isinstance(body, dict) and body.get("text") == text for body in bodies)


async def _head(attachment: Attachment) -> int:
    head = (await attachment.ask("status")).get("head")
    return head if isinstance(head, int) else 0
