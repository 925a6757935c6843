"""Whether words could be all of what somebody wants to say, or stop in the middle of it."""

from __future__ import annotations

import re

from oona.core.sentences import plain


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_LEANING = _words(
    """
    a an the my your our their every each another and or but because if when while although though
    unless until since whether than as of to from with without into onto at for between during
    against among towards per via im youre hes shes its were theyre ive youve weve theyve ill youll
    hell shell well theyll id youd hed wed theyd am be been being having um uh uhm er erm very quite
    """
)
"""At the end of a turn, these lean on a word that is still to come."""

_MAY_LEAN = _words(
    """
    this these those that his her not no really too more most just so like on in about by over after
    before through under is are was have has had do does did can could will would should may might
    must i you he she we they which what where who whose some any such isnt arent wasnt werent dont
    doesnt didnt
    """
)
"""These lean on the next word or end a sentence: the sound has to tell."""

_WHOLE_ALONE = _words("no so well really who what where")
"""Each of them, alone, is all of what people often say."""

_TRAILING_OFF = re.compile(r"(?:\.\.\.|…|[,;:–—-])\s*$")


def unfinished(text: str) -> float:
    """How much `text` leans on what is to come: 0 not at all, 1 as much as "my sister and".

    Transcribers put a full stop behind nearly everything, so that it is the words that count. No
    words at all are neither: 0.5.
    """
    words = plain(text).split()
    if not words:
        return 0.5
    if len(words) == 1 and words[0] in _WHOLE_ALONE:
        return 0.0
    if text.rstrip().endswith("?"):  # "What is it for?"
        return 0.4 if words[-1] in _LEANING else 0.0
    if words[-1] in _LEANING:
        return 1.0
    if _TRAILING_OFF.search(text):
        return 0.7
    return 0.4 if words[-1] in _MAY_LEAN else 0.0
