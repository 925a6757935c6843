"""The `oona` command: which way it takes, and how it ends when something goes wrong."""

from __future__ import annotations

import os
import sys
from types import TracebackType

from oona.core.errors import OonaError

_STOPPED = 130  # what shells expect of a program that Ctrl-C ended


def main() -> None:
    """Run the command that was typed."""
    sys.excepthook = _defect
    try:
        _run(sys.argv[1:])
    except OonaError as error:
        tell(error)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(_STOPPED)
    except BrokenPipeError:
        # Whoever read our output has gone; the interpreter's own flush at exit must not complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)


def _run(words: list[str]) -> None:
    """Talk, or say a plain text, at once; anything else waits for all commands to be read."""
    match words:
        case [] | ["talk"] if sys.stdout.isatty():  # completion, too, comes without words
            from oona.cli.talk import talk

            talk()
        case ["say", text] if text and not text.startswith("-"):
            from oona.cli.oneshot import say_once

            say_once(text)
        case _:
            from typer.main import get_command

            from oona.cli.commands import app

            # Not app(): that puts typer's own hook, which prints a traceback, in the place of ours.
            get_command(app)()


def tell(error: OonaError) -> None:
    """Say what went wrong and what to do."""
    from oona.agent.words import visible

    print(visible(error.message), file=sys.stderr)
    if error.hint:
        print(visible(error.hint), file=sys.stderr)


def _defect(_kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
    from oona.app.paths import Paths
    from oona.app.trace import outline, write_trace
    from oona.core.clock import SystemClock

    print("Something in me broke that should not have. I am sorry.", file=sys.stderr)
    where = write_trace(Paths.find().logs, error, SystemClock())
    if where is not None:
        print(f"Where it happened is in {where}, without any of your words.", file=sys.stderr)
    else:
        print(outline(error), file=sys.stderr)
