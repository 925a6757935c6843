"""All that is known of somebody, as a short list with when each was told."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from oona.agent.knowing.words import NEVER_BEFORE, Words, capital, joined, say, table
from oona.core.events import Event
from oona.core.labels import Integrity
from oona.memory.facts import Fact, Facts, Known

MOST_LINES = 8
MOST_QUOTES = 2


def listed(
    known: Known,
    words: Words,
    facts: Facts,
    variant: int,
    quotes: Iterable[tuple[Event, str]] = (),
) -> tuple[str, list[Fact], list[UUID]] | None:
    """The list, the facts and the turns it is of; None where nothing is known.

    `quotes` are sentences of the person's, newest first, that say more of the same.
    """
    question = known.question
    stands = [*known.current, *known.disputed]
    # "Your sister is Anna" need not be said of her again.
    others = [fact for fact in stands if fact.subject != "you" or known.subject == "you"]
    groups = _grouped(others)
    lines, used = [], []
    for group in groups[:MOST_LINES]:
        lines.append(_line(group, known, words, facts))
        used += group
    chosen = list(quotes)[: MOST_QUOTES if lines else 0]
    for event, text in chosen:
        when = words.of(event.at, event.zone)
        lines.append(table()["list"]["quoted"].format(When=capital(when), quote=text))
    if not lines:
        return None
    if len(groups) > MOST_LINES:
        lines.append(table()["list"]["rest"].format(count=len(groups) - MOST_LINES))
    me = question is not None and question.subject.is_person
    rule = "head_topic" if question and question.topic else "head_me" if me else "head"
    whose = "your" if me else f"{known.subject}'s"
    head = say(
        "list", rule, variant, whom=known.subject, whose=whose,
        topic=question.topic if question else "",
    )  # fmt: skip
    return "\n".join([head, *lines]), used, [event.id for event, _ in chosen]


def _grouped(found: list[Fact]) -> list[list[Fact]]:
    """Facts of one relation together: somebody likes tea, jazz and hiking."""
    groups: dict[tuple[int, str, str, str], list[Fact]] = {}
    for fact in found:
        single = fact.valid_from or fact.valid_to
        key = (fact.entity, fact.relation, fact.status, str(fact.number) if single else "")
        groups.setdefault(key, []).append(fact)
    return list(groups.values())


def _line(group: list[Fact], known: Known, words: Words, facts: Facts) -> str:
    texts = table()["list"]
    first = group[0]
    sentence = facts.sentence(first, _short(known, first)).rstrip(".")
    if len(group) > 1:
        values = joined([facts.value(fact) for fact in group])
        roles = facts.plural(first.relation)
        if roles and first.subject == "you":
            sentence = capital(texts["several"].format(roles=roles, value=values))
        else:
            sentence = sentence.replace(facts.value(first), values)
    if first.status.value == "disputed":
        sentence = texts["disputed"] + sentence
    elif min(fact.label.integrity for fact in group) is Integrity.OUTSIDE:
        sentence = texts["outside"] + sentence
    before = [
        fact
        for fact in known.earlier
        if fact.relation == first.relation and fact.entity == first.entity
    ]
    span = words.span(first)
    since = texts["since"].format(span=span) if span else ""
    past = ""
    if before and len(group) == 1 and first.relation not in NEVER_BEFORE:
        past = texts["before"].format(value=facts.value(before[-1]))
    whens = list(dict.fromkeys(words.when(fact) for fact in group))
    line = texts["line"].format(
        sentence=sentence, since=since, before=past, when=joined(whens[-2:])
    )
    return str(line)


def _short(known: Known, fact: Fact) -> str:
    """Whoever it is of by name alone, once the list has said who that is."""
    subject = known.subject
    if fact.subject != subject or subject == "you":
        return fact.subject
    name = known.question.subject.name if known.question is not None else ""
    return name or subject
