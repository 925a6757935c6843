"""Sentence templates, matched: what a sentence says outright, of whom, and from when."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from oona.memory.facts.clauses import Clauses, Sentence
from oona.memory.facts.fact import ME, MET, Mention, Mode, Statement
from oona.memory.facts.mentions import Mentions
from oona.memory.facts.templates import Grammar, Template, compiled, either, telling_words, words_of
from oona.memory.facts.values import Groups, Values, items
from oona.memory.facts.when import Times

CERTAIN, NAMED, POINTED, CASELESS = 950, 900, 750, 600
"""Confidence in thousandths: of oneself, of someone named, by a pronoun, where no capitals were
typed."""

_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_SINGULAR = frozenset(
    {
        *("has", "is", "was", "can", "left", "quit", "got", "grew", "came", "went", "became"),
        *("made", "took", "found", "began", "spent", "never", "no", "does", "had", "will"),
    }
)
_FOR_ONE = frozenset({"am", "has", "does"})
_SHARED = frozenset(
    {
        *("lives_in", "home", "works_at", "works_as", "works_in", "studies", "studies_at", "from"),
        *("allergic_to", "diet", "fears", "likes", "dislikes", "speaks", "plays"),
    }
)
"""Relations that hold of each where they are told of two."""

_PERFECT = re.compile(r"\b(?:have|has) (?:lived|worked)\b")
_UNSURE = frozenset({"from", "home"})
"""Relations that hold of things and places as well: not believed of a bare first word."""


@dataclass
class Scene:
    """What has been said of whom so far in a turn; `known` are names known to be people's."""

    today: date
    known: frozenset[str]
    people: list[Mention] = field(default_factory=list)


class Matcher:
    """The templates of a language."""

    def __init__(self, grammar: Grammar) -> None:
        self._grammar = grammar
        self.times = Times(grammar)
        self.mentions = Mentions(grammar)
        data = grammar.data
        self.numbers = frozenset(data["numbers"].split())
        ends = either(words_of(data["ends"]))
        end = rf"(?=[,;:.!()]|\s[-–—]|…|\s*$|\s{ends}\b)"
        time = rf"(?P<time>(?i:{self.times.expression}))"
        tail = rf"(?={end}|,? (?i:{self.times.hint}))"
        self._tail = re.compile(
            rf"(?:,? {time})?(?: (?i:any more|anymore|again|too|as well|now))?{end}"
        )
        self._lead = re.compile(rf" (?P<time>(?i:{self.times.expression})),?(?= )")
        self._pair = re.compile(f" (?P<who>{grammar.slots['who']}),? (?i:and)(?= )")
        self._leads = {
            "who": re.compile(f" {grammar.who}(?= )"),
            "whose": re.compile(f" {grammar.whose}(?= )"),
        }
        self._templates = [
            template for block in data["statement"] for template in _templates(block, grammar, tail)
        ]
        self._adding = re.compile(rf"\b{either(words_of(data['adding']))}\b")
        self._values = Values(data, self.times, self.mentions)

    def people(self, clauses: Clauses, text: str) -> list[Mention]:
        """Who was named last in `text`."""
        for sentence in reversed(list(clauses.sentences(text))):
            if people := self.mentions.found(sentence.text):
                return people
        return []

    def statements(self, clauses: Clauses, sentence: Sentence, scene: Scene) -> list[Statement]:
        """What a sentence says; of a question only who is who."""
        found = self._named_beside(sentence)
        if sentence.question:
            return found
        text = f" {sentence.text}"
        there = frozenset(_WORD.findall(text.lower()))
        able = [template for template in self._templates if template.may_fit(there)]
        subject = ""
        for start in clauses.starts(text):
            told, who = self._at(text, start, able, sentence, scene)
            if not told and subject:
                told, _ = self._at(f" {subject}{text[start:]}", 0, able, sentence, scene)
            subject = who or subject
            found += told
            # "Our dog is called Rex, he is six": one who was spoken of in this sentence already.
            others = {one.subject for one in told if not one.subject.is_person}
            if len(others) == 1:
                scene.people = list(others)
        return found

    def _at(
        self,
        text: str,
        start: int,
        able: list[Template],
        sentence: Sentence,
        scene: Scene,
        *,
        beside: bool = False,
    ) -> tuple[list[Statement], str]:
        """What the clause that begins at `start` says, and the words for who it is said of.

        `beside` says that somebody was named before with "and", so that the verb is for several.
        """
        lead = self._lead.match(text, start)
        when = lead["time"] if lead else ""
        start = lead.end() if lead else start
        found: list[Statement] = []
        who = ""
        if not beside and (pair := self._pair.match(text, start)):
            found += self._together(pair, text, able, sentence, scene)
        leads = {name: pattern.match(text, start) for name, pattern in self._leads.items()}
        for template in able:
            led = leads.get(template.lead)
            if template.lead and led is None:
                continue
            match = template.pattern.match(text, led.end() if led else start)
            if match is None or (led and template.lead == "who" and not self._agrees(led, beside)):
                continue
            after = self._tail.match(text, match.end())
            if after is None:
                continue
            groups = {
                **match.groupdict(),
                **(led.groupdict() if led else {}),
                "time": after["time"],
            }
            span = self.times.span(groups["time"] or when, scene.today)
            for one in self._build(template, groups, scene):
                told = replace(one, quote=sentence.quote, rule=template.rule, mode=template.mode)
                if _PERFECT.search(match.group()) and not (span[0] or span[1]):
                    continue  # "I have lived in Rome": once, and who knows when
                adds = self._adding.search(match.group()) is not None
                lasted = self.times.lasted(groups["time"] or when)
                found.append(_timed(replace(told, adds=adds), span, template, lasted=lasted))
            who = groups.get("who") or who
        return found, who

    def _together(
        self,
        pair: re.Match[str],
        text: str,
        able: list[Template],
        sentence: Sentence,
        scene: Scene,
    ) -> list[Statement]:
        """What is said of the first of two as well: "Anna and Leon live in Porto"."""
        first, _ = self._subject(pair.groupdict(), scene)
        if first is None:
            return []
        told, _ = self._at(text, pair.end(), able, sentence, scene, beside=True)
        shared = [one for one in told if one.relation in _SHARED and one.subject != first]
        return [one for both in shared for one in (replace(both, subject=first), both)]

    def _agrees(self, match: re.Match[str], beside: bool) -> bool:
        """Whether a bare name is followed by a verb for one: "Cats are", "Anna lives".

        With `beside`, whether whoever it is is followed by a verb for several.
        """
        who = match["who"]
        if beside:
            verb = match.string[match.end() :].split(maxsplit=1)
            return bool(verb) and not verb[0].endswith("s") and verb[0] not in _FOR_ONE
        if who.lower() in self._grammar.pronoun_of:
            return True
        mention = self.mentions.read(who)
        if not isinstance(mention, Mention) or mention.role or mention.is_person:
            return isinstance(mention, Mention)
        verb = match.string[match.end() :].split(maxsplit=1)
        word = verb[0].strip(",") if verb else ""
        return word.endswith(("s", "ed")) or word in _SINGULAR

    def _build(self, template: Template, groups: Groups, scene: Scene) -> Iterator[Statement]:
        subject, pointed = self._subject(groups, scene)
        if subject is None:
            return
        if template.relation == "married":
            of = None if subject.is_person else subject
            who = Mention(groups["name"] or "", "partner", of=of)
            yield Statement(who, "kin", who.name, "", "", confidence=NAMED, pointed=pointed)
            return
        if template.relation in ("kin", "naming"):
            yield from self._kin(template.relation, groups, subject, pointed=pointed)
            return
        bare = bool(subject.name) and not (subject.role or subject.kind)
        if bare and template.relation in _UNSURE and subject.name not in scene.known:
            return
        level = CERTAIN if subject.is_person else POINTED if pointed else NAMED
        for relation, value in self._values.read(template.relation, groups, scene.today):
            yield Statement(subject, relation, value, "", "", confidence=level, pointed=pointed)

    def _subject(self, groups: Groups, scene: Scene) -> tuple[Mention | None, bool]:
        text = groups.get("who") or groups.get("whose")
        if text is None:
            return ME, False
        found = self.mentions.read(text)
        if not isinstance(found, str):
            return found, False
        able = [person for person in scene.people if self.mentions.fits(person, found)]
        return (able[0], True) if len(scene.people) == 1 and able else (None, False)

    def _kin(
        self, relation: str, groups: Groups, owner: Mention, *, pointed: bool
    ) -> Iterator[Statement]:
        names = items(groups.get("names") or groups.get("name") or "")
        if relation == "naming":
            [name] = names[:1] or [""]
            if owner.is_person:
                yield Statement(ME, "name", name, "", "", confidence=CERTAIN)
            elif owner.role and not owner.name:
                who = replace(owner, name=name)
                yield Statement(who, "kin", name, "", "", confidence=NAMED, pointed=pointed)
            return
        role = self.mentions.role(groups.get("role") or groups.get("roles") or "")
        if role.role not in self._grammar.role_of:
            role = replace(role, role=self._grammar.roles_of.get(role.role, role.role))
        for name in names:
            of = None if owner.is_person else owner
            who = replace(role, name=name, of=of)
            yield Statement(who, "kin", name, "", "", confidence=NAMED, pointed=pointed)

    def _named_beside(self, sentence: Sentence) -> list[Statement]:
        """Who is who by the way: "my sister Anna" names a sister, whatever is said of her.

        "Daniel from work" names one of perhaps several Daniels, and that is worth knowing, too.
        """
        return [
            Statement(
                mention,
                "kin" if mention.role else MET,
                mention.name,
                sentence.quote,
                "kin.beside",
                confidence=NAMED,
            )
            for mention in self.mentions.found(sentence.text)
            if mention.name and (mention.role or mention.kind)
        ]


def _templates(block: dict[str, Any], grammar: Grammar, tail: str) -> Iterator[Template]:
    for place, say in enumerate(block["say"]):
        lead, expression = compiled(say, grammar)
        yield Template(
            relation=block["relation"],
            lead=lead,
            mode=Mode(block.get("mode", "tells")),
            past=bool(block.get("past", False)),
            expression=f"(?:{expression}){tail}",
            rule=f"{block['relation']}.{place}",
            words=telling_words(say, grammar),
        )


def _timed(
    told: Statement, span: tuple[str, str], template: Template, *, lasted: bool
) -> Statement:
    since, until = span
    past = template.past or bool(until)
    if template.mode is Mode.ENDS:
        since, until = "", since or until
    elif template.past and lasted:
        since = ""  # for how long says not from when
    return replace(told, since=since, until=until, past=past)
