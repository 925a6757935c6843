"""The journal: the append-only list of events that everything else is a view of.

`journal.py` writes and reads it, `chain.py` seals it, `heads.py` keeps its end outside the file,
`projections.py` says what a view is, `audit.py` checks that all of it is what was written, and
`portable.py` takes all of it to another machine.
"""

from oona.journal.audit import Audit, audit
from oona.journal.journal import Journal
from oona.journal.portable import export_journal, import_journal, read_header
from oona.journal.projections import Projection

__all__ = [
    "Audit",
    "Journal",
    "Projection",
    "audit",
    "export_journal",
    "import_journal",
    "read_header",
]
