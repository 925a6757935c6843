"""What tests and measurements stand on, shipped so that those who extend Oona can use it too.

`lossy_disk.py` is a disk that forgets, `faults.py` strikes a journal while it is being written.
"""
