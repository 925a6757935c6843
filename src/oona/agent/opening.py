"""What is said first when somebody comes back: from the journal, or just a greeting.

Nothing is invented: every word of an opening stands in the turn it follows from or in the texts of
`data/openings/`. It asks about one thing at most, and never twice about the same.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from oona.agent.foreseen import Foreseen, foreseen, texts
from oona.agent.moments import Moment
from oona.agent.profile import Profile
from oona.core.clock import local
from oona.core.events import Event
from oona.core.sentences import plain

WITHIN = timedelta(days=14)
"""Older statements and moments are let rest."""

AHEAD = timedelta(days=4)
LONG_ABSENCE = timedelta(days=14)
_LONGEST_QUOTE = 120
_ASIDE = re.compile(r"\[\[(.*?)\]\]")
_AHEAD_ENDING = re.compile(r"\b(?:isn't it|aren't you|don't you|isn't that so)\?$")
_PARTS_OF_DAY = ((5, "night"), (12, "morning"), (18, "afternoon"), (24, "evening"))


@dataclass(frozen=True, slots=True)
class Opening:
    """What to say first, and the turns it follows from."""

    text: str = ""
    causes: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class _Line:
    """One thing that could be asked; the smallest `distance` in days is nearest to mind."""

    text: str
    about: Foreseen
    ahead: bool
    distance: float


def opening(
    turns: Sequence[Event], said: Sequence[Event], now: datetime, zone: str, profile: Profile
) -> Opening:
    """The opening at `now` for a person in `zone`.

    `turns` are their own turns of earlier conversations and `said` the openings said so far, both
    in any order. Turns that lie after `now` (a clock set back) are left aside.
    """
    earlier = sorted((t for t in turns if t.at <= now and t.text()), key=lambda turn: turn.seq)
    greeting = _greeting(now, zone, profile)
    lines = [
        line
        for turn in earlier
        if now - turn.at <= WITHIN
        for one in foreseen(turn)
        if (line := _line(one, now, zone)) and not _settled(one, earlier) and not _asked(line, said)
    ]
    if lines:
        best = min(lines, key=lambda line: (line.distance, -line.about.event.seq))
        return Opening(f"{greeting} {best.text}", (best.about.event.id,))
    if earlier and now - earlier[-1].at >= LONG_ABSENCE:
        return Opening(f"{greeting} {texts()['greeting']['long_absence']}")
    return Opening(greeting)


def _greeting(now: datetime, zone: str, profile: Profile) -> str:
    hour = local(now, zone).hour
    part = next(name for until, name in _PARTS_OF_DAY if hour < until)
    wording = str(texts()["greeting"][part])
    aside = (lambda match: match[1]) if profile.person else ""
    return _ASIDE.sub(aside, wording).replace("{person}", profile.person)


def _line(one: Foreseen, now: datetime, zone: str) -> _Line | None:
    """What to say of `one` now, if anything."""
    today, said_day = local(now, zone).date(), local(one.event.at, zone).date()
    if one.moment is None:
        return _undated(one, now, said_day, today)
    if one.moment.over <= now:
        return _passed(one, one.moment, now, said_day, today)
    day = one.moment.first
    near = one.moment.exact and day - today <= AHEAD and said_day < today <= day
    if not near or not one.thing:
        return None
    text = _fill(one.form["ahead"], one, when=_day(day, today, passed=False))
    return _Line(text, one, ahead=True, distance=(day - today).days + 0.5)


def _undated(one: Foreseen, now: datetime, said_day: date, today: date) -> _Line | None:
    if today <= said_day or not one.thing:
        return None
    wording = one.form.get("undated" if one.is_event else "undated_other")
    if wording is None:
        return None
    text = _fill(wording, one, said=_said(said_day, today))
    return _Line(text, one, ahead=False, distance=_days(now - one.event.at) + 1)


def _passed(
    one: Foreseen, moment: Moment, now: datetime, said_day: date, today: date
) -> _Line | None:
    distance = _days(now - moment.over)
    if now - moment.over > (timedelta(days=6) if one.is_day else WITHIN):
        return None
    if not one.thing:
        return _quoted(one, _said(said_day, today), distance + 1)
    if one.form.get("named_day") and not moment.exact:
        return None  # "Your exam was." says nothing
    named = moment.exact and not one.is_day
    day = f" {_day(moment.first, today, passed=True)}" if named else ""
    wording = one.form["passed"]
    if not one.is_event:
        wording = one.form.get("passed_other", wording)
    return _Line(_fill(wording, one, day=day), one, ahead=False, distance=distance)


def _quoted(one: Foreseen, said: str, distance: float) -> _Line | None:
    """The person's own sentence, where it could not be turned around safely."""
    if len(one.sentence) > _LONGEST_QUOTE:
        return None
    text = texts()["quote"]["passed"].replace("{said}", said)
    text = text.replace("{sentence}", _ended(one.sentence))
    return _Line(_capital(text), one, ahead=False, distance=distance)


def _fill(wording: str, one: Foreseen, **more: str) -> str:
    """`wording` with the person's words in it, which may hold any sign."""
    values = {
        "thing": one.thing,
        "Thing": one.thing[:1].upper() + one.thing[1:],
        "feeling": one.feeling,
        "Who": one.who[:1].upper() + one.who[1:],
        **more,
    }
    return _capital(re.sub(r"\{(\w+)\}", lambda name: values[name[1]], wording))


def _ended(sentence: str) -> str:
    sentence = sentence.rstrip(" ;,")
    return sentence if sentence[-1:] in ".!" else f"{sentence}."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _day(day: date, today: date, *, passed: bool) -> str:
    """The day as one says it today: "yesterday", "on Tuesday", "on 3 December"."""
    names = texts()["days"]
    away = (day - today).days
    if away == 0:
        return str(names["part_passed" if passed else "today"])
    if abs(away) == 1:
        return str(names["tomorrow" if away == 1 else "yesterday"])
    form = "weekday" if abs(away) < 7 else "date"
    return str(names[form]).format(weekday=f"{day:%A}", day=day.day, month=f"{day:%B}")


def _said(day: date, today: date) -> str:
    return _capital(_day(day, today, passed=True))


def _days(span: timedelta) -> float:
    return span / timedelta(days=1)


def _settled(one: Foreseen, turns: Sequence[Event]) -> bool:
    """Whether the person has spoken of it since it was over, or said that it will not be."""
    over = one.moment.over if one.moment else None
    for turn in turns:
        if turn.seq <= one.event.seq or not one.head & set(plain(turn.text()).split()):
            continue
        if (
            over is None
            or turn.at >= over
            or re.search(texts()["settled"], turn.text(), re.IGNORECASE)
        ):
            return True
    return False


def _asked(line: _Line, said: Sequence[Event]) -> bool:
    """Whether an earlier opening asked this; having said that it is near is not having asked."""
    about = line.about
    for event in said:
        if event.seq <= about.event.seq:
            continue
        was_ahead = _AHEAD_ENDING.search(event.text()) is not None
        if was_ahead and not line.ahead:
            continue
        named = about.head and about.head <= set(plain(event.text()).split())
        if about.event.id in event.causes or named:
            return True
    return False
