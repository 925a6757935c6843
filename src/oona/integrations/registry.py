"""Which importers there are, and which of them fits a document."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from oona.core.errors import BadInput
from oona.core.importing import Document, Fit, Importer
from oona.integrations import formats
from oona.integrations.decoding import head


@cache
def importers() -> dict[str, Importer]:
    """Every importer by its name: one for each module of `formats`."""
    names = sorted(module.name for module in pkgutil.iter_modules(formats.__path__))
    modules = (importlib.import_module(f"{formats.__name__}.{name}") for name in names)
    found: list[Importer] = [module.IMPORTER for module in modules]
    return {importer.name: importer for importer in found}


def importer_for(document: Document, wanted: str = "auto") -> Importer:
    """The importer called `wanted`, or the one that fits best. Raises BadInput."""
    known = importers()
    names = ", ".join(known)
    if wanted != "auto":
        if wanted not in known:
            raise BadInput(f"There is no format {wanted[:40]!r}.", f"These exist: auto, {names}.")
        return known[wanted]
    beginning = head(document)
    if '"format":"oona-journal"' in beginning[:400]:
        raise BadInput(
            f"{document.name} is an export of Oona's own.",
            "`oona import FILE` brings it back without loss.",
        )
    best = max(known.values(), key=lambda importer: importer.fits(document, beginning))
    if best.fits(document, beginning) is Fit.NO:
        raise BadInput(
            f"I cannot tell what {document.name} is.",
            f"If you know, say it with --format: {names}.",
        )
    return best
