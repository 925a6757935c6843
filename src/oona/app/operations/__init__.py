"""What the owner of a journal does for its clients, by theme: one method for each operation.

An operation is an async generator of messages; the last one is its result. `talking.py` is the
conversation, `journalling.py` the journal, `remembering.py` memories and facts, `settling.py` what
the person settles. `request.py` reads what they are asked with, `shared.py` is what all stand on.
"""
