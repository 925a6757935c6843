"""The state machine of the first conversation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from oona.agent.firstrun.answers import choose, person_name
from oona.agent.firstrun.naming import NameStage
from oona.agent.firstrun.script import Question, Script
from oona.agent.naming import Naming
from oona.agent.profile import Profile, settle
from oona.agent.reflexes import Reflexes
from oona.core.errors import BadInput
from oona.core.events import Actor, Draft
from oona.core.sentences import plain
from oona.trust.danger import danger

_MET = "first-run"

ASIDES = frozenset(
    {"who-are-you", "which-model", "are-you-real", "love", "love-told", "missed", "who-else"}
    | {"share", "what-can-you-do", "time", "date", "date-tomorrow", "date-yesterday"}
    | {"good-night", "goodbye", "pause"}
)
"""Reflexes that are answered in between; the question then stands as before."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """What to show now. `options` may be picked by word or by number, from 1.

    `id` is the setting it settles, or "open"; `default` is what an empty answer takes.
    """

    id: str
    text: str
    options: tuple[str, ...] = ()
    default: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """What an answer led to: `drafts` to write at once, `say` to show, then the next prompt.

    `turn` is not empty where the words are for the turn loop: the answer to the open question, or
    something said in between, after which the same question is asked again.
    """

    say: str = ""
    drafts: tuple[Draft, ...] = ()
    turn: str = ""


class FirstRun:
    """One person's first conversation, from wherever the journal says it stopped."""

    def __init__(
        self,
        profile: Profile,
        script: Script,
        naming: Callable[[Sequence[str]], Naming],
        *,
        reflexes: Reflexes | None = None,
        seed: int = 0,
        model_place: str = "",
    ) -> None:
        """`naming` is given the texts of this conversation and makes the choice of a name.

        `seed` varies the wordings; `model_place` names where the model runs if not on this machine.
        """
        self._script = script
        self._naming = naming
        self._reflexes = reflexes
        self._seed = seed
        self._place = model_place
        self._settled = dict(profile.values)
        self._met = profile.met
        self._missed = False
        self._spoken: list[str] = [profile.person] if profile.person else []
        self._name: NameStage | None = None

    @property
    def done(self) -> bool:
        """Whether everything was asked."""
        return self._met

    def intro(self) -> str:
        """What is said before the first prompt: what it is, where everything stays, who else."""
        if self._met:
            return ""
        begun = any(question.key in self._settled for question in self._script.questions)
        key = ("resume" if begun else "intro") + ("_remote" if self._place else "")
        left = sum(question.key not in self._settled for question in self._script.questions)
        questions = self._script.counts[min(left, len(self._script.counts) - 1)]
        return self._script.texts[key].format(model_place=self._place, questions=questions)

    def prompt(self) -> Prompt | None:
        """What to ask now, or None at the end. Before a name is proposed this takes about a second.

        It may be called again and again: the prompt stays until it is answered.
        """
        if self._met:
            return None
        texts = self._script.texts
        if question := self._question():
            options = tuple(option.label for option in question.options)
            hint = texts["usual_hint" if options else "skip_hint"].format(usual=question.usual)
            return Prompt(question.key, question.ask, options, question.usual, hint)
        if _MET not in self._settled:
            return Prompt("open", self._script.open_question["ask"], hint=texts["skip_hint"])
        stage = self._name_stage()
        return Prompt("companion.name", stage.ask(), hint=stage.hint)

    def answer(self, text: str) -> Step:
        """Take the answer to `prompt()`."""
        if self._met:
            return Step()
        if danger(text) or self._is_aside(text):
            return Step(turn=text)
        words = plain(text) + " "
        if self._script.skip_all.fullmatch(words):
            return self.take_defaults()
        if question := self._question():
            return self._closed(question, text)
        if _MET not in self._settled:
            return self._open(text)
        return self._named(text)

    def take_defaults(self) -> Step:
        """Settle everything that is left as it usually is, and end."""
        if self._met:
            return Step()
        left = [q for q in self._script.questions if q.key not in self._settled]
        drafts = [self._settle(question.key, _default(question), Actor.SYSTEM) for question in left]
        if "companion.name" not in self._settled:
            drafts.append(self._settle("companion.name", "", Actor.SYSTEM))
        usual = ", ".join(question.listed for question in left)
        say = self._script.texts["skipped_all" if left else "skipped_name"].format(defaults=usual)
        return Step(say, (*drafts, self._finish()))

    def _closed(self, question: Question, text: str) -> Step:
        words = plain(text) + " "
        if self._script.why.fullmatch(words):
            return Step(question.why)
        option = choose(text, question.options)
        if option is None and (not text.strip() or self._script.skip.fullmatch(words)):
            return self._usual(question, question.skipped)
        if question.options:
            value = option.value if option else None
            heard = option.heard if option else ()
        else:
            value, heard = person_name(text, self._script.name), question.heard
        if value == "" and not question.options:
            return self._usual(question, question.skipped)
        if value is None:
            return self._not_understood(question)
        try:
            draft = self._settle(question.key, value, Actor.PERSON)
        except BadInput:
            return self._not_understood(question)
        if not question.options:
            self._spoken.append(value)
        return Step(heard[self._seed % len(heard)].format(value=value), (draft,))

    def _not_understood(self, question: Question) -> Step:
        if not self._missed:
            self._missed = True
            return Step(self._script.texts["once_more"])
        return self._usual(question, question.missed)

    def _usual(self, question: Question, say: str) -> Step:
        return Step(say, (self._settle(question.key, _default(question), Actor.SYSTEM),))

    def _open(self, text: str) -> Step:
        words = plain(text) + " "
        if self._script.why.fullmatch(words):
            return Step(self._script.open_question["why"])
        # An empty value marks the open question as asked, so that it is not asked again.
        draft = self._settle(_MET, "", Actor.SYSTEM)
        if not text.strip() or self._script.skip.fullmatch(words):
            return self._after_open(Step(self._script.open_question["skipped"], (draft,)))
        self._spoken.append(text)
        return self._after_open(Step("", (draft,), text))

    def _after_open(self, step: Step) -> Step:
        """`step`, and the end where the companion has its name already."""
        if "companion.name" not in self._settled:
            return step
        say = f"{step.say} {self._script.texts['done']}".strip()
        return Step(say, (*step.drafts, self._finish()), step.turn)

    def _named(self, text: str) -> Step:
        stage = self._name_stage()
        outcome = stage.take(text)
        drafts = list(outcome.drafts)
        if outcome.name is None:
            return Step(outcome.say, tuple(drafts))
        by = Actor.PERSON if outcome.name else Actor.SYSTEM
        drafts.append(self._settle("companion.name", outcome.name, by))
        say = f"{outcome.say} {self._script.texts['done']}"
        return Step(say, (*drafts, self._finish()))

    def _question(self) -> Question | None:
        """The first closed question that is not settled."""
        left = (q for q in self._script.questions if q.key not in self._settled)
        return next(left, None)

    def _name_stage(self) -> NameStage:
        if self._name is None:
            self._name = NameStage(self._naming(self._spoken), self._script.skip, self._seed)
        return self._name

    def _is_aside(self, text: str) -> bool:
        found = self._reflexes.match(text) if self._reflexes else None
        return found is not None and found.id in ASIDES

    def _settle(self, key: str, value: str, by: Actor) -> Draft:
        draft = settle(key, value, by)
        self._settled[key] = value
        self._missed = False
        return draft

    def _finish(self) -> Draft:
        self._met = True
        return settle(_MET, "done", Actor.SYSTEM)


def _default(question: Question) -> str:
    return Profile()[question.key]
