"""What tests and measurements stand on, shipped so that those who extend Oona can use it too.

`model.py` is a language model that says what it is told to, `speech.py` ears and a mouth that read
and whistle letters, `lossy_disk.py` a disk that forgets, `faults.py` strikes a journal while it is
being written, `owners.py` finds the processes that own a home's journals.
"""
