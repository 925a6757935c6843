"""The commands: `oona` and everything below it, a file for each group.

They only ask and show. What they ask is answered by the owner process, reached through
`oona.app.attach`; nothing here opens a journal. Parts that load slowly are imported by the command
that needs them, so that the prompt stands at once.
"""

from oona.cli.main import main

__all__ = ["main"]
