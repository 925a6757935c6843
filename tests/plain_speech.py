"""What no text of ours may say: the rules of tone, for the tests of every file of texts."""

from __future__ import annotations

import re
from collections.abc import Iterable

_BANNED = {
    "it hides behind being a program": (
        r"as an? (?:ai|computer|language|large|virtual|digital)\b|just a (?:computer )?program"
        r"|i'?m only an? (?:ai|program|machine)|als (?:eine )?ki\b"
    ),
    "it claims to have suffered or waited": (
        r"\bi(?:'ve| have)? (?:have )?missed you|miss(?:ed)? you\b(?! said)"
        r"|\bi was (?:lonely|sad|waiting)"
        r"|i(?:'ll| will) (?:miss|be lonely)|hab(?:e)? dich vermisst"
    ),
    "it makes leaving hard": (
        r"(?:don'?t|do not) (?:go|leave)|leaving (?:so soon|already)|before you (?:go|leave)"
        r"|stay (?:a bit|with me)"
        r"|schon wieder (?:weg|gehen)|bleib (?:noch|doch)"
    ),
    "it uses a pet name": (
        r"\b(?:dear|darling|honey|sweetie|sweetheart|babe|baby|love you|my friend|buddy|champ)\b"
        r"|\b(?:schatz|liebling)\b"
    ),
    "it is overexcited": r"!|\bamazing\b|\bawesome\b|\bexciting\b|[\U0001F300-\U0001FAFF]",
    "it talks like a help desk": (
        r"how (?:can|may) i (?:help|assist)|happy to (?:help|assist)|great question|feel free"
    ),
}


def faults(texts: Iterable[str]) -> list[str]:
    """A sentence for each text that breaks the tone."""
    return [
        f"{why}: {text!r}"
        for text in texts
        for why, pattern in _BANNED.items()
        if re.search(pattern, text, re.IGNORECASE)
    ]
