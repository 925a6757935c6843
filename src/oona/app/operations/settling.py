"""What the person settles: their choices, and the first conversation that asks for them."""

from __future__ import annotations

from oona.agent.profile import CHOICES, read_profile, settle
from oona.app.meeting import Meeting
from oona.app.operations.request import Answers, Request
from oona.app.operations.shared import Shared
from oona.core.errors import BadInput


class Settling:
    """What clients may settle with one companion."""

    def __init__(self, shared: Shared) -> None:
        self._shared = shared
        self._companion = shared.companion
        self._meeting = Meeting(shared.companion)

    async def op_profile(self, _request: Request) -> Answers:
        """What the person has settled, by key."""
        profile = await self._companion.worker(read_profile, self._companion.journal)
        yield {"values": {choice.key: profile[choice.key] for choice in CHOICES}}

    async def op_settle(self, request: Request) -> Answers:
        """Settle one key, or several at once."""
        values = request.args.get("values")
        if not isinstance(values, dict) or not values:
            raise BadInput("That names nothing to settle.")
        drafts = [settle(str(key), str(value)) for key, value in values.items()]
        await self._shared.created()
        events = await self._companion.worker(self._companion.journal.append, *drafts)
        yield {"events": [str(event.id) for event in events]}

    async def op_meet(self, request: Request) -> Answers:
        """The first conversation: its beginning, or what follows from the answer in `text`."""
        await self._shared.created()
        if request.says("defaults"):
            yield await self._meeting.take_defaults()
        elif "text" in request.args:
            yield await self._meeting.answer(request.text("text"))
        else:
            yield await self._meeting.begin()
