"""The plan: what is asked for, and whether it can be answered from what was told at all.

A small model answers "what is my brother's name?" with a name. So a question about the person's
life is recognised here, and where the journal holds nothing about it, no model is asked.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from oona.trust.check import Mode
from oona.trust.evidence import Evidence, Sentence, names_in, sentences
from oona.trust.lexicon import Lexicon, plain, words

_FULL_NAME = re.compile(r"(?<!^)\b(?!I\b)([A-Z][a-zé-]+) (?:[a-z]{2,3} )?[A-Z][a-zé-]+")
_WH = r"\W*(?:so |and |but )?(?:who|whose|where|when|which)\b"
_WHO = re.compile(r"\W*(?:so |and |but )?who\b")
_NEXT = re.compile(r"\bnext\b(?! (?:year|month|week)\b)", re.IGNORECASE)
_WILL = re.compile(r"\b(?:will|going to)\b")
_COMING = re.compile(
    r"(?:\bwill\b|'ll\b|\b(?:going|moving|planning|starting|leaving)\b|\bnext\b|\bsoon\b|\btomorrow\b)",
    re.IGNORECASE,
)
_TITLE = re.compile(r"\b(?:dr|doctor|mr|mrs|ms|miss|prof|professor)\.? \w+", re.IGNORECASE)
_THIRD = ("she", "he", "they", "her", "his", "their")
_MINE = re.compile(r"\b(?:my|our) ((?:[\w'’-]+ ?){1,5})")


@dataclass(frozen=True, slots=True)
class Plan:
    """How to answer. `focus` are the stems a sentence must hold to bear on a look-up.

    `deed` asks for something to be done in the world, `guess` for an invention, `recount` for what
    was told itself ("what do you know about me?"), `amount` for a number. With `lacking`, none of
    the support holds the kind of thing that is asked for (a name, a birthday). `person` asks of
    somebody by name. `subject` is the word to
    be named in "you haven't told me about …". `support` are the sentences that bear on it, and
    `current` the newest that holds all the words of the question: a later word of the person's
    stands before an earlier one. `known` is False when a look-up has no support, and then code
    answers.
    """

    mode: Mode
    focus: tuple[str, ...] = ()
    subject: str = ""
    yes_no: bool = False
    support: tuple[Sentence, ...] = ()
    relation: bool = False
    recount: bool = False
    deed: bool = False
    guess: bool = False
    amount: bool = False
    lacking: bool = False
    person: bool = False
    current: Sentence | None = None

    @property
    def known(self) -> bool:
        return self.mode is not Mode.LOOKUP or bool(self.support)


def make_plan(
    asked: str,
    evidence: Evidence,
    lexicon: Lexicon,
    before: Mode = Mode.TALK,
    *,
    admitted: bool = False,
) -> Plan:
    """The plan for what was said, given the person's own words that memory found for it.

    `before` is the mode of the turn before: "another one" asks for more of the same. `admitted`
    says that it ended with "you haven't told me", after which "just guess" asks for an invention.
    """
    question = _question(asked)
    low = " ".join(plain(question).split())
    if admitted and _asks(low, "pleading", lexicon):
        return Plan(Mode.TALK, guess=True)
    if _asks(low, "deed", lexicon):
        return Plan(Mode.TALK, deed=True)
    if _asks(low, "fiction", lexicon) or (before is Mode.FICTION and _asks(low, "again", lexicon)):
        return Plan(Mode.FICTION)
    names = [n for n in names_in(question) if n not in lexicon.stop and not _calendar(n, lexicon)]
    if _is_full_name(question, evidence):
        return Plan(Mode.KNOWLEDGE)
    if _is_lookup(low, names, evidence, lexicon):
        return _lookup(question, low, names, evidence, lexicon)
    if _asks(low, "knowledge", lexicon) and not _asks(low, "opinion", lexicon):
        about_us = {"you", "your", "i", "my", "me", "we"} & {plain(w) for w in words(low)}
        if not about_us:
            return Plan(Mode.KNOWLEDGE)
    return Plan(Mode.TALK)


def wants_advice(asked: str, lexicon: Lexicon) -> bool:
    """Whether something is asked for, be it by a question or by "suggest …"."""
    return any(
        lexicon.is_question(sentence) or _asks(plain(sentence), "opinion", lexicon)
        for sentence in sentences(asked)
    )


def wants_outing(asked: str, lexicon: Lexicon) -> bool:
    """Whether it is asked what to do or where to go."""
    return any(_asks(plain(sentence), "outing", lexicon) for sentence in sentences(asked))


def _question(asked: str) -> str:
    """The sentence that asks, or all of it where none does."""
    found = [s for s in sentences(asked) if s.rstrip().endswith("?")]
    return found[-1] if found else asked


def _asks(low: str, kind: str, lexicon: Lexicon) -> bool:
    return re.search(lexicon.asks[kind], low, re.IGNORECASE) is not None


def _is_lookup(low: str, names: list[str], evidence: Evidence, lexicon: Lexicon) -> bool:
    if _asks(low, "opinion", lexicon) or not lexicon.is_question(low):
        return False
    if _asks(low, "lookup", lexicon) or _asks(low, "yes_no", lexicon):
        return True
    if re.match(_WH, low) and any(name in evidence.names for name in names):
        return True
    known = [w for w in lexicon.content(low) if _is_told(w, evidence, lexicon)]
    if known and _fits(low, "noun_lookup", "noun", known, lexicon):
        return True
    third = [*names, *(_THIRD if evidence.sentences else ())]
    if not third:
        return False
    return _fits(low, "third_lookup", "name", third, lexicon)


def _fits(low: str, kind: str, blank: str, words_: list[str], lexicon: Lexicon) -> bool:
    """Whether a pattern of this kind is found, with one of `words_` in its blank."""
    there = "|".join(re.escape(_bare(word)) for word in words_)
    return re.search(lexicon.asks[kind].replace(f"{{{blank}}}", there), low) is not None


def _is_told(word: str, evidence: Evidence, lexicon: Lexicon) -> bool:
    """Whether the person spoke of `word`, and it is not a word that anybody uses of anything."""
    stem = lexicon.stem(word)
    return stem in evidence.stems and stem not in lexicon.soft | lexicon.weak


def _is_full_name(question: str, evidence: Evidence) -> bool:
    """Whether it names someone in two words who was never spoken of: a person of the world."""
    found = _FULL_NAME.search(question)
    return found is not None and plain(found.group(1)) not in evidence.names


def _lookup(
    question: str, low: str, names: list[str], evidence: Evidence, lexicon: Lexicon
) -> Plan:
    content = lexicon.content(question)
    relations = [w for w in content if lexicon.relation(w)]
    people = [w for w in content if plain(w).removesuffix("'s") in names]
    mine = _mine(low, lexicon)
    whole = [lexicon.relation(w) or lexicon.stem(w) for w in mine] if not people else []
    subject = (people or ([" ".join(mine)] if mine else []) or relations or content or [""])[0]
    focus = [lexicon.relation(w) or lexicon.stem(w) for w in (people or relations)]
    recount = _asks(low, "recount", lexicon)
    yes_no = not recount and not re.match(
        r"\W*(?:so |and |but |hey )?(?:(?:at|in|on|from|for|to|with|by|since|until|about) )?"
        r"(?:what|who|where|when|which|how|do you|remind|tell|can you)",
        low,
    )
    told = [s for s in evidence.sentences if not s.question and not s.addressed]
    if yes_no:
        wanted = {lexicon.relation(w) or lexicon.stem(w) for w in content} - lexicon.soft
        if not wanted:
            return Plan(Mode.TALK)
        support = _of_the_person(question, [s for s in told if wanted <= s.stems])
        return Plan(
            Mode.LOOKUP, tuple(focus), _bare(subject), True, tuple(support), bool(relations)
        )
    if recount and not content:
        return Plan(Mode.LOOKUP, support=tuple(s for s in told if s.first_person), recount=True)
    if recount and mine and not relations:
        told = [s for s in told if _of_ones_own(s, mine, lexicon)]  # not of another's work
    if len(whole) > 1:
        support = [s for s in told if s.stems.issuperset(whole)]
    elif focus:
        support = [s for s in told if any(stem in s.stems for stem in focus)]
    else:
        support = _about(content, low, told, lexicon)
    if _NEXT.search(low) and not recount:
        support += [s for s in told if s not in support and _NEXT.search(s.text) and _dated(s)]
    wanted = {lexicon.relation(w) or lexicon.stem(w) for w in content} - lexicon.weak
    full = [s for s in support if lexicon.holds(s.stems, wanted)]
    if _asks(low, "amount", lexicon) and not recount:
        full = [s for s in full or support if any(stem.isdigit() for stem in s.stems)]
    holding = [s for s in support if _holds_kind(s, low, content, evidence, lexicon)]
    lacking = bool(support) and not holding and not recount
    if not recount:
        full = [s for s in full if s in holding]
    full = _closest(low, support, full)
    return Plan(
        Mode.LOOKUP,
        tuple(focus),
        _bare(subject),
        yes_no=False,
        support=tuple(support),
        relation=bool(relations) and bool(mine),
        recount=recount,
        lacking=lacking,
        person=bool(people),
        amount=_asks(low, "amount", lexicon),
        current=full[-1] if full else None,
    )


def _closest(low: str, support: list[Sentence], full: list[Sentence]) -> list[Sentence]:
    """Of the sentences that bear on it those that answer best, where their words tell.

    "When am I next there?" is answered by what was said of a next time since, though it does not
    say where; what will be, by what was said of it; "who is my dentist?" by who is called doctor.
    """
    if _NEXT.search(low):
        later = [s for s in support if _NEXT.search(s.text) and _dated(s)]
        return later or full
    if _WILL.search(low):
        return [s for s in support if _COMING.search(s.text)] or full
    if _WHO.match(low):
        return [s for s in support if _TITLE.search(s.text)] or full
    return full


def _dated(sentence: Sentence) -> bool:
    return any(token.isdigit() for token in sentence.stems)


def _holds_kind(
    sentence: Sentence, low: str, content: list[str], evidence: Evidence, lexicon: Lexicon
) -> bool:
    """Whether `sentence` holds a thing of the kind that is asked for.

    Without any capital letter in it, a sentence may hold a name all the same.
    """
    for word in content:
        attribute = lexicon.attributes.get(lexicon.stem(word))
        if attribute and sentence.stems.isdisjoint(attribute):
            return False
    if not _asks(low, "asks_name", lexicon) or sentence.text.islower():
        return True
    asked = {plain(word).removesuffix("'s") for word in content}
    return bool(evidence.names_of(sentence.text) - asked)


def _mine(low: str, lexicon: Lexicon) -> list[str]:
    """The words that say what "my …" is: of "my old chess partner's name", chess and partner."""
    found = _MINE.search(low)
    phrase: list[str] = []
    for word in found.group(1).split() if found else ():
        bare = _bare(word)
        if bare in lexicon.stop:
            break
        if lexicon.stem(bare) not in lexicon.weak:
            phrase.append(bare)
        elif phrase:
            break
        if bare != word or lexicon.relation(bare):
            break  # "my brother live": what follows a relation is no part of its name
    return phrase


def _about(content: list[str], low: str, told: list[Sentence], lexicon: Lexicon) -> list[Sentence]:
    """The sentences that share a word with the question.

    A shared verb of the person's counts only where the person is the one who does it ("Anna lives
    in Oslo" does not say where I live).
    """
    wanted = {lexicon.stem(word) for word in content}
    if not wanted:
        return told
    wanted = wanted - lexicon.weak or wanted
    verbs = {lexicon.stem(verb) for verb in re.findall(r"\bi (\w+)", low)} & wanted
    return [
        sentence
        for sentence in told
        if (wanted - verbs) & sentence.stems
        or any(sentence.first_person_near(verb, lexicon) for verb in verbs)
    ]


def _of_ones_own(sentence: Sentence, mine: list[str], lexicon: Lexicon) -> bool:
    """Whether the person speaks of themselves, or of "my" whatever is asked for."""
    wanted = {lexicon.stem(word) for word in mine}
    for place, token in enumerate(sentence.tokens):
        if token.split("'")[0] in ("i", "we", "me", "us"):
            return True
        after = sentence.tokens[place + 1 : place + 3]
        if token in ("my", "our") and wanted & {lexicon.stem(word) for word in after}:
            return True
    return False


def _of_the_person(question: str, found: list[Sentence]) -> list[Sentence]:
    """Of `found`, those in which the person speaks of themselves, if the question does."""
    if re.search(r"\b(?:i|am i)\b", plain(question)):
        return [s for s in found if s.first_person]
    return found


def _bare(word: str) -> str:
    return re.sub(r"['’]s$", "", word)


def _calendar(name: str, lexicon: Lexicon) -> bool:
    return lexicon.stem(name) in lexicon.months | lexicon.days
