"""How well what was said is found again: `python -m benchmarks.recall`.

`conversations.py` reads the files, `lives.py` writes a conversation into a real journal and asks
the recall that a conversation uses, `rivals.py` is what it is compared with, `measures.py` what is
counted, `report.py` the table.
"""
