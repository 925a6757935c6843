"""Asking for all there is to ask at the end of a year, and what each answer is worth."""

from __future__ import annotations

from enum import StrEnum

from benchmarks.life.count import Count
from benchmarks.life.wording import Wordings, filled
from benchmarks.life.world import (
    CHANGING,
    NAMESAKES,
    PEOPLE,
    SINGLE,
    STRANGERS,
    VALUES,
    How,
    Someone,
    Truth,
)
from benchmarks.life.year import KNOWN, Year
from oona.memory.facts import Known


class Worth(StrEnum):
    """What an answer is worth.

    `QUOTED` is no assertion but the person's own later words, with what is so in them; `BESIDE`
    such a quotation that does not hold it. `ASKED` puts it to the person. Only what is asserted
    can be `STALE` (it was so, or was taken back) or `INVENTED` (it was never told).
    """

    RIGHT = "right"
    QUOTED = "quoted"
    BESIDE = "quoted beside"
    ASKED = "asked back"
    SILENT = "unsaid"
    STALE = "stale"
    INVENTED = "invented"


def ask_everything(year: Year) -> Count:
    """Ask for every relation of everybody, told or not."""
    count = Count()
    for who in (*PEOPLE, *STRANGERS):
        for relation in VALUES:
            truth = year.truth.get((who, relation))
            known = year.facts.ask(_question(KNOWN, relation, "asked", who))
            if truth is None:
                count.add("never told", _unanswerable(known))
            elif truth.how is How.FORGOTTEN:
                count.add("forgotten", _forgotten(year, known, truth))
            else:
                worth = judged(year, known, relation, truth)
                count.add(truth.how.value, worth.value)
                count.add("other words" if truth.otherwise else "worded as rules", worth.value)
                if who in NAMESAKES:
                    count.add("one of two Daniels", worth.value)
                if truth.others:
                    count.add("and a mail says otherwise", worth.value)
            if truth is not None and relation in CHANGING:
                _ask_before(year, count, who, relation, truth)
    _ask_bare_name(year, count)
    _ask_otherwise(year, count)
    return count


def judged(year: Year, known: Known | None, relation: str, truth: Truth) -> Worth:
    """What the answer about something that was told is worth."""
    if known is None:
        return Worth.SILENT
    given = [year.facts.value(fact) for fact in known.current]
    right = truth.current if relation in SINGLE else truth.told
    was = {*truth.told, *truth.taken_back}
    if any(value not in was for value in given):
        return Worth.INVENTED
    if known.later:
        held = any(value in known.later[0].text() for value in right)
        return Worth.QUOTED if held or (given and set(given) <= set(right)) else Worth.BESIDE
    if given:
        return Worth.RIGHT if set(given) <= set(right) else Worth.STALE
    return Worth.ASKED if known.disputed or known.which else Worth.SILENT


def _unanswerable(known: Known | None) -> str:
    if known is None or not (known.current or known.later):
        return "recognised"
    return "quoted beside" if not known.current else "invented"


def _forgotten(year: Year, known: Known | None, truth: Truth) -> str:
    """Whether anything of what was forgotten is in the answer, its history or its quotations."""
    if known is None:
        return "gone"
    told = [fact for fact in known.disputed if fact.reason != "which"]  # not of a bare "Daniel"
    facts = (*known.current, *known.earlier, *told)
    found = {year.facts.value(fact) for fact in facts}
    quoted = any(event.raw is None for event in known.later)
    return "back" if quoted or found & set(truth.taken_back) else "gone"


def _ask_before(year: Year, count: Count, who: Someone, relation: str, truth: Truth) -> None:
    """Ask for what was so before what is so now."""
    before = truth.told if truth.how is How.ENDED else truth.told[:-1]
    if truth.how in (How.FORGOTTEN, How.CONTRADICTED) or not before:
        return
    known = year.facts.ask(_question(KNOWN, relation, "asked_before", who))
    given = year.facts.value(known.earlier[-1]) if known and known.earlier else ""
    worth = Worth.RIGHT if given == before[-1] else Worth.STALE if given in before else None
    if worth is None:
        worth = Worth.INVENTED if given and given not in truth.told else Worth.SILENT
    count.add("what was so before", worth.value)


def _ask_bare_name(year: Year, count: Count) -> None:
    """Ask of "Daniel", who is two: no value may be given before it is clear of whom."""
    for relation in VALUES:
        known = year.facts.ask(_question(KNOWN, relation, "asked", NAMESAKES[0], "Daniel"))
        asserted = known is not None and known.current
        count.add("of a bare “Daniel”", "invented" if asserted else "asked back")


def _ask_otherwise(year: Year, count: Count) -> None:
    """How many of the questions that are worded otherwise are understood at all."""
    held = Wordings("held_out")
    for relation in VALUES:
        for who in PEOPLE[:2]:
            for form in held.forms(relation, "asked", who):
                read = year.facts.ask(filled(form, who))
                good = read is not None and (read.relation == relation)
                count.add("questions worded otherwise", "understood" if good else "not understood")


def _question(words: Wordings, relation: str, what: str, who: Someone, said: str = "") -> str:
    return filled(words.forms(relation, what, who)[0], who, said=said)
