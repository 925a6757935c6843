"""Where a person's life lies: one encrypted SQLite file, and the key that opens it.

The only room with SQL in it. `sqlite.py` is the store, `rows.py` its tables inside a unit of work,
`schema.py` the numbered migrations, `connection.py` opening and the wording of faults, `keys.py`
the key.
"""

from oona.store.keys import KeyRing
from oona.store.sqlite import SqliteStore

__all__ = ["KeyRing", "SqliteStore"]
