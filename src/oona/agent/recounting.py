"""Answers by code to what was talked about: last week, last time, in what order."""

from __future__ import annotations

import re
import tomllib
from datetime import date, datetime
from functools import cache
from importlib import resources
from typing import Any

from oona.agent.answers import Answer
from oona.agent.when import said_when
from oona.core.clock import local
from oona.core.events import Event
from oona.core.labels import Integrity
from oona.memory.dates import Period, periods
from oona.memory.timeline import Stretch, Timeline
from oona.trust.lexicon import Lexicon

RULE = "recounted"
_MOST, _MOST_DAYS, _FEW = 4, 7, 2
"""Talks and quotations in an answer; days of which one talk each is told; talks told at length."""

_LONGEST = 300
"""Characters of a question that is read here; nobody asks this at length."""


def recounted(
    asked: Event, timeline: Timeline, lexicon: Lexicon, now: datetime, zone: str
) -> Answer | None:
    """The answer where `asked` wants to hear what was talked about, else None.

    Told are the person's own sessions, that of the question only where it asks for today.
    """
    text = asked.text()
    data = _data()
    low = " ".join(text.lower().replace("’", "'").split())
    if len(low) > _LONGEST:
        return None
    if (found := _first(data["order"], low)) is not None:
        return _in_order(found["things"], asked, timeline, lexicon, now)
    today = local(now, zone).date()
    named = periods(text, today)
    talked = _first(data["talked"], low) is not None
    if not talked and not (named and _first(data["told"], low) is not None):
        return None
    period = named[0] if named else None
    told = _told(timeline, asked, period, low, now, today, lexicon)
    if told is None and period is None:
        told = _this_talk(timeline, asked, lexicon)
    return told or Answer(_data()["none" if period else "nothing"], RULE)


def _told(
    timeline: Timeline,
    asked: Event,
    period: Period | None,
    low: str,
    now: datetime,
    today: date,
    lexicon: Lexicon,
) -> Answer | None:
    data = _data()
    first, last = (period.first, period.last) if period else (None, None)
    found = [
        stretch
        for stretch in timeline.between(first, last)
        if stretch.integrity is Integrity.PERSON and stretch.first < asked.seq
    ]
    if not (period and period.last >= today):
        found = [stretch for stretch in found if stretch.last < asked.seq]
    if not found:
        return None
    if re.search(data["last_time"], low) and not period:
        found = shown = found[-1:]
    else:
        shown = _chosen(found)
    if part := _first(data["part"], low):
        hours = range(*data["parts"][part["part"]])
        found = shown = [one for one in found if local(one.at, one.zone).hour in hours] or found
    lines = [_line(stretch, _when(stretch, now)) for stretch in shown]
    if len({local(one.at, one.zone).date() for one in found}) == 1 and len(shown) <= _FEW:
        lines = [
            _told_then(stretch, asked, timeline, lexicon, "" if place else _when(stretch, now))
            for place, stretch in enumerate(shown)
        ]
    if len(shown) < len(found):
        lines.append(data["more"].format(shown=len(shown), count=len(found)))
    causes = tuple(source for stretch in shown for source in stretch.sources)
    return Answer("\n".join(lines), RULE, tuple(dict.fromkeys(causes)))


def _chosen(found: list[Stretch]) -> list[Stretch]:
    """The last talks; of more than a few of several days, the longest of each of the last days."""
    days: dict[date, Stretch] = {}
    for one in found if len(found) > _MOST else ():
        day = local(one.at, one.zone).date()
        days[day] = max(days.get(day, one), one, key=lambda stretch: stretch.turns)
    return list(days.values())[-_MOST_DAYS:] if len(days) > 1 else found[-_MOST:]


def _told_then(
    stretch: Stretch, asked: Event, timeline: Timeline, lexicon: Lexicon, when: str
) -> str:
    """One talk in the person's own words, where no gist of it was made and they told anything.

    `when` is empty for what came later on the same day.
    """
    told = [
        turn.text()
        for turn in timeline.told_in(stretch, asked.seq)
        if turn.label.integrity is Integrity.PERSON and not lexicon.is_question(turn.text())
    ]
    data = _data()
    when = when or data["later"]
    if stretch.gist or not told:
        return _line(stretch, when)
    quotes = " ".join(f"“{' '.join(text.split())}”" for text in told[:_MOST])
    return str(data["told_then"].format(When=when, quotes=quotes))


def _this_talk(timeline: Timeline, asked: Event, lexicon: Lexicon) -> Answer | None:
    """What was told in the talk that goes on, where there was none before it."""
    begun = [stretch for stretch in timeline.between() if stretch.first < asked.seq]
    if not begun:
        return None
    told = [
        turn
        for turn in timeline.told_in(begun[-1], asked.seq)
        if turn.label.integrity is Integrity.PERSON and not lexicon.is_question(turn.text())
    ][-_MOST:]
    if not told:
        return None
    quotes = " ".join(f"“{' '.join(turn.text().split())}”" for turn in told)
    return Answer(_data()["this_talk"].format(quotes=quotes), RULE, tuple(turn.id for turn in told))


def _line(stretch: Stretch, when: str) -> str:
    form = _data()["gist" if stretch.gist else "begun"]
    return str(form.format(When=when, text=stretch.text.rstrip("."))) + "."


def _when(stretch: Stretch, now: datetime) -> str:
    when = said_when(stretch.at, stretch.zone, now)
    return when[:1].upper() + when[1:]


def _in_order(
    things: str, asked: Event, timeline: Timeline, lexicon: Lexicon, now: datetime
) -> Answer | None:
    """The things of a list in the order in which they first came up."""
    data = _data()
    listed = [thing.strip(" .?!") for thing in re.split(data["joints"], things)]
    firsts: list[tuple[str, Event]] = []
    unsaid = []
    for thing in filter(None, listed):
        event = timeline.first_said(lexicon.content(thing), before=asked.seq)
        if event is None:
            unsaid.append(thing)
        else:
            firsts.append((thing, event))
    if len(firsts) + len(unsaid) < 2:
        return None
    firsts.sort(key=lambda pair: pair[1].seq)
    parts = [
        data["then" if place else "first"].format(
            thing=thing, when=said_when(event.at, event.zone, now)
        )
        for place, (thing, event) in enumerate(firsts)
    ]
    lines = [", ".join(parts) + "."] if parts else []
    lines += [data["never"].format(thing=thing) for thing in unsaid]
    return Answer(" ".join(lines), RULE, tuple(event.id for _thing, event in firsts))


def _first(patterns: list[str], low: str) -> re.Match[str] | None:
    return next((match for one in patterns if (match := re.search(one, low))), None)


@cache
def _data(language: str = "en") -> dict[str, Any]:
    source = resources.files("oona.agent").joinpath(f"data/recounting/{language}.toml")
    return tomllib.loads(source.read_text("utf-8"))
