"""The publisher's own address: one file over HTTP, resumed by ranges."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable

import httpx

from oona.providers.weights.catalogue import UrlSource
from oona.providers.weights.partial import Partial
from oona.providers.weights.transfer import Job, PassedOver

_KEEP_EVERY = 16 << 20  # what a kill -9 may cost
_WORTH_A_RETRY = 1 << 20
_REDIRECTS = 3  # further hops that may each take as long as the first answer
_STEP = 0.1
_FAULTS = (httpx.HTTPError, httpx.InvalidURL, OSError)


def bring(source: UrlSource, partial: Partial, job: Job) -> None:
    """Fetch what `partial` misses. A cut connection is taken up again while it still yields.

    Raises PassedOver when the address does not answer in time, or answers with something else.
    """
    words = f"the publisher ({source.publisher})"
    while gaps := partial.gaps():
        before = partial.done
        try:
            _fill(source.url, gaps[0], partial, job, words)
        except PassedOver:
            if partial.done - before < _WORTH_A_RETRY:
                raise
        job.check()


def answers(url: str, seconds: float) -> bool:
    """Whether a file can be had at `url` now; never takes much longer than `seconds`."""
    try:
        opening = _Opening("HEAD", url, {}, seconds)
        response = opening.response(lambda: None)
    except PassedOver:
        return False
    opening.close()
    return response.is_success


def _fill(url: str, gap: tuple[int, int], partial: Partial, job: Job, words: str) -> None:
    start, end = gap
    headers = {"Accept-Encoding": "identity", "Range": f"bytes={start}-{end - 1}"}
    opening = _Opening("GET", url, headers, job.limits.answer_seconds)
    job.report("fetching", partial.done, words)
    try:
        response = opening.response(job.check)
        if _begins_at(response, start, partial.size) == 0:
            start, end = 0, partial.size  # a server without ranges sends it all again
        _receive(response, start, end, partial, job, words)
    finally:
        opening.close()


def _begins_at(response: httpx.Response, start: int, size: int) -> int:
    """The offset of the first byte of the answer. Raises PassedOver if it is another file's."""
    length = response.headers.get("Content-Length", "")
    if response.status_code == httpx.codes.PARTIAL_CONTENT:
        ranged = re.fullmatch(
            r"bytes (\d+)-(\d+)/(\d+|\*)", response.headers.get("Content-Range", "")
        )
        if ranged and int(ranged[1]) == start and ranged[3] in ("*", str(size)):
            return start
        raise PassedOver("sent another stretch than was asked for")
    if response.status_code != httpx.codes.OK:
        raise PassedOver(f"answered with HTTP status {response.status_code}")
    if length.isdecimal() and int(length) != size:
        raise PassedOver(f"offers {int(length):,} bytes instead of {size:,}")
    return 0


def _receive(
    response: httpx.Response, start: int, end: int, partial: Partial, job: Job, words: str
) -> None:
    done, at = partial.done, start
    with partial.writing(start) as writer:
        try:
            for chunk in response.iter_raw():
                job.check()
                wanted = chunk[: end - at]
                writer.write(wanted)
                at += len(wanted)
                if writer.written >= _KEEP_EVERY:
                    writer.keep()
                    done = partial.done
                job.report("fetching", min(done + writer.written, partial.size), words)
                if at == end:
                    break
        except httpx.HTTPError as error:
            raise PassedOver(_reason(error)) from None
        finally:
            writer.keep()
    if at < end:
        raise PassedOver("ended before the file did")


def _reason(error: Exception) -> str:
    if isinstance(error, httpx.TimeoutException):
        return "stopped answering"
    words = re.sub(r"^\[[^]]*\] ", "", str(error)) or type(error).__name__
    return f"could not be reached ({words})"


class _Opening:
    """A request on its way to its first bytes, in a thread of its own.

    httpx bounds connecting and reading, but nothing bounds the look-up of a host's name; so the
    whole way to the first answer is watched from outside, and left behind if it takes too long.
    """

    def __init__(self, method: str, url: str, headers: dict[str, str], seconds: float) -> None:
        self._seconds = seconds
        self._answered = threading.Event()
        self._finished = threading.Event()
        self._left = threading.Event()
        self._result: httpx.Response | Exception | None = None
        try:
            self._client = httpx.Client(
                timeout=seconds,
                follow_redirects=True,
                event_hooks={"response": [lambda _: self._answered.set()]},
            )
        except (ImportError, ValueError) as error:
            raise PassedOver(f"the proxy that is set cannot be used ({error})") from None
        self._thread = threading.Thread(
            target=self._open, args=(method, url, headers), name="opening", daemon=True
        )
        self._thread.start()

    def _open(self, method: str, url: str, headers: dict[str, str]) -> None:
        try:
            request = self._client.build_request(method, url, headers=headers)
            self._result = self._client.send(request, stream=True)
        except _FAULTS as error:
            self._result = error
        finally:
            self._answered.set()
            self._finished.set()
            if self._left.is_set():
                self._client.close()

    def response(self, check: Callable[[], None]) -> httpx.Response:
        """The answer, its body unread. `check` is called now and then and may raise to give up.

        Raises PassedOver when nothing answers in time, or when redirects lead on for too long.
        """
        self._await(self._answered, self._seconds, check)
        self._await(self._finished, _REDIRECTS * self._seconds, check)
        if isinstance(self._result, httpx.Response):
            return self._result
        self.close()
        if isinstance(self._result, httpx.TimeoutException):
            raise self._silent()
        raise PassedOver(_reason(self._result or OSError("no answer")))

    def _silent(self) -> PassedOver:
        return PassedOver(f"did not answer within {self._seconds:g} s")

    def _await(self, event: threading.Event, seconds: float, check: Callable[[], None]) -> None:
        steps = max(1, round(seconds / _STEP))
        for _ in range(steps):
            if event.wait(seconds / steps):
                return
            check()
        self.close()
        raise self._silent()

    def close(self) -> None:
        """Let go of the connection, now or, if it never came to be, whenever the thread ends."""
        self._left.set()
        if self._finished.is_set():
            self._client.close()
