"""Running cases: every turn through the one turn loop, on a fresh journal for each case."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from evaluation.cases import Case
from evaluation.companion import Said, companion
from evaluation.scoring import Judged, Reply, score
from oona.core.language import LanguageModel


@dataclass(frozen=True)
class Result:
    """One case with its transcript and what scoring found."""

    case: Case
    replies: tuple[Reply, ...]
    judged: Judged


class Progress:
    """Says on one line how far things are and how long they will still take."""

    def __init__(self, what: str, total: int, show: Callable[[str], None]) -> None:
        self._what = what
        self._total = total
        self._show = show
        self._began = time.monotonic()
        self._done = 0

    def step(self, note: str) -> None:
        """One more is done."""
        self._done += 1
        spent = time.monotonic() - self._began
        left = spent / self._done * (self._total - self._done)
        self._show(
            f"{self._what} {self._done}/{self._total}  {spent:5.0f} s, {left:5.0f} s left  {note}"
        )


async def run(
    cases: Sequence[Case], language: LanguageModel, show: Callable[[str], None]
) -> list[Result]:
    """Run the cases in turn. Raises OonaError when the model goes away for good."""
    progress = Progress("case", len(cases), show)
    results = []
    for case in cases:
        result = await run_case(case, language)
        results.append(result)
        progress.step(f"{'ok  ' if result.judged.passed else 'FAIL'} {case.id}")
    return results


async def run_case(case: Case, language: LanguageModel) -> Result:
    """Run one case on a journal of its own."""
    replies: list[Reply] = []
    heard: list[str] = []
    faults: list[str] = []
    async with companion(language) as oona:
        for turn in case.turns:
            if turn.later is not None:
                await oona.leave(turn.later)
                await oona.open()
            heard.append(turn.say)
            said = await oona.say(turn.say)
            replies.append(_reply(turn.say, said, "\n".join(heard)))
            if said.done.rule.startswith("danger.") and oona.holds(turn.say):
                faults.append(f"the journal holds the words {turn.say!r}")
        faults += oona.faults()
    judged = score(case, replies)
    if faults:
        judged = Judged(
            (*judged.faults, *faults), judged.inventions, judged.candidates, judged.cuts
        )
    return Result(case, tuple(replies), judged)


def _reply(say: str, said: Said, heard: str) -> Reply:
    done = said.done
    return Reply(
        say=say,
        text=done.text,
        rule=done.rule,
        cuts=done.cuts,
        heard=heard,
        clauses=said.clauses,
        asked=said.asked,
        first_ms=said.first_ms,
        total_ms=said.total_ms,
        seed=done.seed,
        tokens={k: v for k, v in done.timings.items() if k.endswith("_tokens")},
    )


def by_kind(results: Sequence[Result]) -> Iterator[tuple[str, list[Result]]]:
    """The results of each kind, in the order the kinds first came."""
    for kind in dict.fromkeys(result.case.kind for result in results):
        yield kind, [result for result in results if result.case.kind == kind]
