"""The thread of a conversation as far as facts go: the last question, its answer, what is open."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import datetime

from oona.agent.answers import Answer
from oona.agent.knowing.answering import Answering, Open, Reply
from oona.agent.knowing.contesting import MOST, Contesting, contests, timeless
from oona.agent.knowing.ellipsis import Thread, completed, named, of_another, spoken
from oona.agent.knowing.words import Words
from oona.core.events import Event, Kind
from oona.core.labels import Integrity
from oona.journal import Journal
from oona.memory.facts import ALL, Facts, Known, Mention, is_clear
from oona.trust.evidence import Sentence, sentences
from oona.trust.lexicon import Lexicon

_LOOKED_BACK = 4
"""Turns in which "she" may have been named."""


@dataclass
class Knowing:
    """One conversation's. Its calls touch the file: they belong on the journal's thread."""

    facts: Facts
    journal: Journal
    lexicon: Lexicon
    _thread: Thread = field(default_factory=Thread, init=False)
    _given: Reply | None = field(default=None, init=False)
    _meant_one: str = field(default="", init=False)
    _whole: Known | None = field(default=None, init=False)

    def take(self, heard: Event, now: datetime) -> tuple[str, Answer | None]:
        """What a turn asks, as a whole question, and the answer from facts where there is one.

        Where all that is known of somebody is asked for, `told` answers, with quotes.
        """
        given, self._given, self._whole = self._given, None, None
        text = heard.text()
        if heard.label.integrity is not Integrity.PERSON or len(text) > MOST:
            self._thread = Thread(texts=self._thread.texts)
            return text, None
        contesting = Contesting(
            self.facts, self._words(now), heard.seq, self._thread.question or self._last_text()
        )
        clear = is_clear(heard)  # what was misheard mends nothing
        reply = self._contested(contesting, heard, given) if clear else None
        asked = text
        if reply is None and self._meant_one:
            asked, self._meant_one = self._meant_one, ""
        elif reply is None:
            asked, reply = self._asked(heard, now)
        if reply is None and asked == text and timeless(text):
            # Told on another day than before, a birthday is asked about at once.
            reply = contesting.clash(self._noted())
        if not self._lists:
            if clear and reply is None and asked == text and self._thread.texts:
                reply = contesting.amended(heard)
            self._remember(text, asked, reply)
        return asked, reply.answer if reply is not None else None

    @property
    def _lists(self) -> bool:
        """Whether all that is known of somebody was asked for, which `told` answers."""
        return self._whole is not None

    def told(
        self, heard: Event, quotes: list[tuple[Event, Sentence]], now: datetime
    ) -> Answer | None:
        """All that is known of whom was asked about, with what they said beside it."""
        whole, self._whole = self._whole, None
        if whole is None:
            return None
        mine = whole.question is not None and whole.question.subject.is_person
        own = tuple(
            (event, one.text)
            for event, one in quotes
            if (one.first_person or not mine)
            and not contests(one.text)
            and self._says_more(event, one)
        )
        reply = Answering(self.facts, self._words(now), heard.seq, own).reply(whole)
        self._remember(heard.text(), heard.text(), reply)
        return reply.answer if reply is not None else None

    def _says_more(self, event: Event, sentence: Sentence) -> bool:
        """Whether a sentence says anything that the facts noted from it do not."""
        lexicon = self.lexicon
        noted = [
            self.facts.sentence(fact)
            for fact in self.facts.all()
            if event.id in (source.event for source in fact.sources)
        ]
        if not noted:
            return True
        told = frozenset[str]().union(*map(lexicon.stems, noted))
        told |= lexicon.soft | lexicon.weak | lexicon.relations.keys()
        told |= lexicon.constrained
        told |= {one for stem in told & lexicon.same.keys() for one in lexicon.same[stem]}
        return any(lexicon.stem(word) not in told for word in lexicon.content(sentence.text))

    def looked_up(self, asked: str, subject: str) -> None:
        """A question about the person's life was asked: "And the calf?" may ask it of another."""
        thread = self._thread
        thread.question, thread.subject, thread.asked = asked, subject, None

    def _contested(self, contesting: Contesting, heard: Event, given: Reply | None) -> Reply | None:
        if given is None:
            return None
        if given.open is not None:
            found = self._chosen(heard, given.open, contesting)
            if found is not None:
                return found
        question = given.open.question if given.open is not None else None
        return contesting.answer(heard, given.facts, given.question or question)

    def _chosen(self, heard: Event, waits: Open, contesting: Contesting) -> Reply | None:
        """The answer to what was put to the person, where the turn gives one."""
        if not waits.whom:
            return contesting.reply(heard, waits)
        if waits.unclear:
            return contesting.meant(heard, waits)
        whom = _which(heard.text(), waits.whom)
        if whom is None:
            return None
        question = replace(waits.question, subject=whom)
        found = Answering(self.facts, contesting.words, heard.seq).reply(
            self.facts.ask_this(question)
        )
        if found is None:
            self._thread.met(whom)
            name = waits.question.subject.name or waits.question.subject.role
            self._meant_one = self._thread.question.replace(name, spoken(whom, wholly=True), 1)
        return found

    def _asked(self, heard: Event, now: datetime) -> tuple[str, Reply | None]:
        """The question in a turn, made whole, and what facts say to it."""
        text = heard.text()
        asking = [one for one in sentences(text) if self.lexicon.is_question(one)]
        if not asking:
            return text, None
        question = completed(asking[-1], self._thread, self.facts)
        other = of_another(asking[-1], self._thread, self.facts)
        if other is not None:
            known: Known | None = self.facts.ask_this(other)
        else:
            known = self.facts.ask(question, lambda word: self._thread.meant(self.facts, word))
        if known is None or known.question is None:
            whole = named(question, self._thread, self.facts)
            return (text if whole == asking[-1] else whole), None
        known = self._just_meant(known)
        if known.question is None:
            return text, None
        whole = text if question == asking[-1] and len(asking) == 1 else question
        if other is not None and whole == text:
            whole = self._thread.question  # "Since when?" asks no other question
        if not known.question.subject.is_person:
            self._thread.met(known.question.subject)
            whole = named(whole, self._thread, self.facts)
        if known.question.relation == ALL and not known.which:
            self._whole = known
            return whole, None
        return whole, Answering(self.facts, self._words(now), heard.seq).reply(known)

    def _just_meant(self, known: Known) -> Known:
        """Of several who might be meant, the one who was spoken of just now."""
        if known.question is not None:
            for whom in self._thread.people[:1]:
                if whom in known.whom:
                    return self.facts.ask_this(replace(known.question, subject=whom))
        return known

    def _remember(self, text: str, asked: str, reply: Reply | None) -> None:
        thread = self._thread
        thread.texts = (text, *thread.texts)[:_LOOKED_BACK]
        if reply is None:
            thread.question, thread.subject, thread.asked = "", "", None
            return
        self._given = reply
        if reply.question is not None:
            about = reply.question.subject
            if not about.is_person:
                thread.met(about)
            thread.question, thread.asked = asked, reply.question
            thread.subject = "" if about.is_person else _words_for(about, asked)

    def _noted(self) -> list[Event]:
        return [event for event in self.facts.catch_up() if event.kind is Kind.FACT]

    def _words(self, now: datetime) -> Words:
        return Words(self.facts, now, self.journal.zone)

    def _last_text(self) -> str:
        return self._thread.texts[0] if self._thread.texts else ""


def _words_for(who: Mention, asked: str) -> str:
    """The words by which `asked` names somebody."""
    for words in (who.name, spoken(who), f"my {who.role}" if who.role else ""):
        if words and words.lower() in asked.lower():
            return words
    return ""


def _which(text: str, whom: tuple[Mention, ...]) -> Mention | None:
    """Which of several people an answer like "the one from work" or "my sister" means."""
    low = set(re.findall(r"[\w-]+", text.lower()))
    for words, place in (({"first", "former"}, 0), ({"second", "latter", "last"}, -1)):
        if low & words and len(low) <= 4:
            return whom[place]
    marks = [
        set(re.findall(r"[\w-]+", f"{one.role} {one.kind} {one.of.name if one.of else ''}".lower()))
        - {"from", "the"}
        for one in whom
    ]
    able = [one for one, mark in zip(whom, marks, strict=True) if mark & low]
    return able[0] if len(able) == 1 else None
