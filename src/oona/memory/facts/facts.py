"""Facts of one person's life: to be asked for, corrected and disputed. The door to this room."""

from __future__ import annotations

from functools import cached_property

from oona.core.clock import Clock, local
from oona.core.events import Event
from oona.core.storage import Store
from oona.journal import Journal
from oona.memory.facts.asking import Asking, Known
from oona.memory.facts.book import FactBook
from oona.memory.facts.fact import BY_MODEL, Fact, Mention
from oona.memory.facts.holding import Holding
from oona.memory.facts.learning import STEP, Learning
from oona.memory.facts.mending import Mending
from oona.memory.facts.questions import ALL, Meant, Question, Questions
from oona.memory.facts.rules import rules
from oona.memory.facts.view import View


class Facts:
    """The facts of one journal. Calls touch the file: they belong on the journal's thread."""

    def __init__(
        self, store: Store, journal: Journal, book: FactBook, clock: Clock, language: str = "en"
    ) -> None:
        self._store = store
        self._journal = journal
        self._view = View(store, book, language)
        self._asking = Asking(self._view)
        self.mending = Mending(self._view, journal, clock)
        """Corrections and doubts that were said in a conversation."""

    # Learning.

    def catch_up(self, most: int = STEP) -> list[Event]:
        """Note what turns say that were not read yet, at most `most` of them, oldest first.

        Gives the entries that were written. One turn takes about two milliseconds, the first ever
        about a second more, in which the templates are compiled.
        """
        written: list[Event] = []
        for turn in self._learning.unread(most):
            written += self._learning.learn(turn, self._view.notes().values(), self._view.names())
        return written

    def read_to(self) -> int:
        """The number of the last turn that was read for facts."""
        return self._learning.read_to

    def names(self) -> frozenset[str]:
        """The names of everybody told of."""
        return self._view.names()

    def quotes(self, told: int) -> tuple[list[str], bool]:
        """The sentences of the turn numbered `told` that facts were noted from.

        Also whether a model has read that turn already.
        """
        notes = [note for note in self._view.notes().values() if note.told == told]
        by_model = any(note.statement.rule.startswith(BY_MODEL) for note in notes)
        return [note.statement.quote for note in notes], by_model

    def turn_before(self, turn: Event) -> Event | None:
        """The person's turn just before, if `turn` may point back at it."""
        return self._learning.before(turn)

    # Asking.

    def all(self) -> tuple[Fact, ...]:
        """Every fact, in the order in which they were first told."""
        return self._view.facts()

    def about(self, subject: str) -> Known:
        """What is known of `subject`: "me", "Anna", "my sister", "Daniel from work"."""
        return self.answer(subject, ALL)

    def answer(self, subject: str, relation: str) -> Known:
        """What is known of one relation of `subject`, by names such as "lives_in" or "birthday".

        A relation between people goes by its own name ("sister"); "*" asks for everything.
        """
        mention = self.whom(subject)
        if mention is None:
            return Known(subject, relation, found=False)
        return self._asking.answer(Question(mention, relation))

    def ask(self, question: str, meant: Meant | None = None) -> Known | None:
        """The answer to a question in words, or None where it asks for no fact of a life.

        `meant` gives whom "she" stands for; without it, a question about "she" is None.
        """
        read = self._questions.read(self._with_capitals(question), meant)
        return self._asking.answer(read) if read is not None else None

    def ask_this(self, question: Question) -> Known:
        """The answer to a question that was read before."""
        return self._asking.answer(question)

    def attribute(self, words: str, meant: Meant | None = None) -> str:
        """What "her birthday" asks for, as a whole question; empty where it asks for nothing."""
        found = self._questions.attribute(self._with_capitals(words), meant)
        return found[0] if found else ""

    def naming(self, whom: Mention) -> Fact | None:
        """The fact that tells somebody's name as your sister's or friend's, where one stands."""
        return self._asking.naming(whom)

    def holding(self, heard: Event) -> Holding:
        """What a reply to `heard` is held against; `heard` may not be read for facts yet."""
        names, made = self._view.names(), rules(self._view.language)
        today = local(heard.at, heard.zone).date()
        text = heard.text()
        before = self.turn_before(heard)
        told = made.read(text, today, before.text() if before else "", names).statements
        return Holding(made, today, self._view.reckoning(), self.all(), names, text, told)

    def holds(self, known: Known, value: str) -> tuple[Fact, ...]:
        """The facts of `known`, whatever their standing, that say `value`."""
        return self._asking.holds(known, value)

    def people(self, text: str) -> list[Mention]:
        """The people that `text` names, in order."""
        return self._questions.people(self._with_capitals(text))

    def whom(self, text: str) -> Mention | None:
        """The one whom `text` names, or None."""
        return self._questions.whom(self._with_capitals(text))

    def pronoun(self, word: str) -> str:
        """The pronoun that `word` is a form of ("her" is "she"), or nothing."""
        return self._questions.pronoun(word)

    def may_be(self, mention: Mention, pronoun: str) -> bool:
        """Whether a pronoun can stand for somebody, by all that was told of them."""
        return self._asking.fits(mention, pronoun)

    def sentence(self, fact: Fact, who: str = "") -> str:
        """The fact as a sentence to the person; `who` in place of how whoever it is of is named."""
        return self._view.told.sentence(fact, who)

    def value(self, fact: Fact) -> str:
        """The fact's value as a person writes it."""
        return self._view.told.value(fact)

    def plural(self, role: str) -> str:
        """The word for several of one relation ("sisters"); empty for what is none."""
        roles = (one for one in self._view.grammar.roles if one.name == role)
        return next((one.several[0] for one in roles if one.several), "")

    def article(self, noun: str) -> str:
        """The article, "a" or "an", as the noun sounds."""
        return self._view.told.article(noun)

    def span(self, fact: Fact) -> str:
        """From when to when a fact holds, in words, as far as it was told."""
        return self._view.told.span(fact)

    def named(self, number: int) -> Fact:
        """The fact with this number, or that a source of it has. Raises NotFound."""
        return self._view.named(number)

    # Changing.

    def correct(self, number: int, text: str) -> tuple[Fact, Fact]:
        """Put `text` in a fact's place, at the person's word; gives both as they then stand.

        `text` is a value ("Bergen") or a whole sentence ("Anna lives in Bergen"), and is kept as a
        turn of the person's. Raises NotFound, and BadInput for what cannot be such a value.
        """
        return self.mending.correct(number, text)

    def dispute(self, number: int) -> Fact:
        """Mark a fact as doubtful at the person's word; it is then no answer. Raises NotFound."""
        return self.mending.dispute(number)

    def _with_capitals(self, text: str) -> str:
        return rules(self._view.language).with_capitals(text, self._view.names(), new=False)

    @property
    def _questions(self) -> Questions:
        return self._asking.questions

    @cached_property
    def _learning(self) -> Learning:
        return Learning(self._store, self._journal, rules(self._view.language))
