"""An endpoint whose model nobody named: it is asked, once, and what it says is taken."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from oona.app.doctor import State, examine
from oona.app.paths import Paths
from oona.core.errors import ModelUnavailable
from oona.core.language import ChatRequest, Message, Piece
from oona.providers import openai
from oona.providers.openai import Endpoint, OpenAIClient

pytestmark = pytest.mark.server

REQUEST = ChatRequest([Message("user", "Hello")], max_tokens=8, temperature=0.0, seed=7)


@dataclass
class Served:
    """What a server answers to `GET /v1/models`, and what it was asked."""

    models: object = None
    status: int = 200
    delay: float = 0.0
    lists: int = 0
    named: list[str] = field(default_factory=list)
    url: str = ""


def _handler(served: Served, stop: threading.Event) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            served.lists += 1
            stop.wait(served.delay)
            self._send(served.status, json.dumps(served.models).encode())

        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            served.named.append(asked["model"])
            chunk = json.dumps({"choices": [{"delta": {"content": "Hi."}}]})
            self._send(200, f"data: {chunk}\n\ndata: [DONE]\n\n".encode())

        def _send(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return Handler


@pytest.fixture
def served() -> Iterator[Served]:
    """A server on this machine's loopback, for as long as the test runs."""
    made, stop = Served(), threading.Event()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(made, stop))
    made.url = f"http://127.0.0.1:{server.server_port}/v1"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield made
    stop.set()
    server.shutdown()
    thread.join()
    server.server_close()


def _listing(*names: str) -> dict[str, object]:
    return {"object": "list", "data": [{"id": name, "object": "model"} for name in names]}


async def _said(model: OpenAIClient) -> str:
    return "".join([item.text async for item in model.chat(REQUEST) if isinstance(item, Piece)])


@pytest.mark.parametrize(
    "names", [["llama"], ["llama", "qwen"], ["nomic-embed-text", "llama"]], ids=" ".join
)
async def test_the_first_model_that_can_talk_is_taken_and_asked_for_once(
    served: Served, names: list[str]
) -> None:
    """Every reply is asked of the same model, and the list is read a single time."""
    served.models = _listing(*names)
    model = OpenAIClient(Endpoint(served.url, ""))
    assert await model.wait_ready(1.0)
    assert [await _said(model), await _said(model)] == ["Hi.", "Hi."]
    assert (served.named, served.lists, model.state().name) == (["llama"] * 2, 1, "llama")
    await model.close()


async def test_a_named_model_is_not_asked_for(served: Served) -> None:
    """With a name in the settings the list is left alone."""
    model = OpenAIClient(Endpoint(served.url, "mine"))
    assert await model.wait_ready(1.0)
    await _said(model)
    assert (served.named, served.lists) == (["mine"], 0)
    await model.close()


@pytest.mark.parametrize(
    ("models", "status", "says"),
    [
        (_listing(), 200, "oona settings model.name NAME"),
        (_listing("only-embeddings"), 200, "oona settings model.name NAME"),
        ({"data": "nonsense"}, 200, "oona settings model.name NAME"),
        ([1, 2], 200, "oona settings model.name NAME"),
        (_listing("llama"), 404, "oona settings model.name NAME"),
        (_listing("llama"), 401, "oona settings model.key"),
    ],
)
async def test_an_endpoint_that_lists_nothing_says_what_to_set(
    served: Served, models: object, status: int, says: str
) -> None:
    """A reply fails with a sentence that names the setting, and works once a model is there."""
    served.models, served.status = models, status
    model = OpenAIClient(Endpoint(served.url, ""))
    assert await model.wait_ready(1.0)
    assert not model.state().ready
    with pytest.raises(ModelUnavailable) as caught:
        await _said(model)
    assert says in str(caught.value)
    assert served.named == []
    served.models, served.status = _listing("llama"), 200
    assert await _said(model) == "Hi."
    assert model.state().ready
    await model.close()


async def test_an_endpoint_that_is_slow_or_away_is_told_so(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The wait for the list is bounded, and an address where nobody answers is named."""
    monkeypatch.setattr(openai, "LIST_S", 0.05)
    served.models, served.delay = _listing("llama"), 30.0
    for url, says in ((served.url, "did not answer"), ("http://127.0.0.1:1/v1", "be reached")):
        model = OpenAIClient(Endpoint(url, ""))
        with pytest.raises(ModelUnavailable, match=says) as caught:
            await _said(model)
        assert url in caught.value.message
        await model.close()


@pytest.mark.parametrize(
    ("name", "names", "state", "says"),
    [
        ("auto", ["llama"], State.WELL, "llama at URL, the only one it lists"),
        ("auto", ["llama", "qwen"], State.WELL, "llama at URL, taken from the 2 it lists"),
        ("auto", [], State.ILL, "URL lists no model to talk with."),
        ("qwen", ["llama", "qwen"], State.WELL, "qwen at URL"),
        ("gpt", ["llama"], State.NOTE, "gpt at URL, which does not list it"),
        ("mine", [], State.WELL, "mine at URL"),
    ],
)
def test_the_doctor_says_which_model_was_taken(
    served: Served,
    doctor: Callable[[], tuple[State, str]],
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    names: list[str],
    state: State,
    says: str,
) -> None:
    """The doctor asks the endpoint, and tells which model answers or what is wrong."""
    served.models = _listing(*names)
    monkeypatch.setenv("OONA_MODEL_URL", served.url)
    monkeypatch.setenv("OONA_MODEL_NAME", name)
    assert doctor() == (state, says.replace("URL", served.url))


def test_the_doctor_finds_an_endpoint_that_is_away(
    doctor: Callable[[], tuple[State, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An endpoint that cannot be reached is ill, whether a model is named or not."""
    monkeypatch.setenv("OONA_MODEL_URL", "http://127.0.0.1:1/v1")
    monkeypatch.setenv("OONA_MODEL_NAME", "mine")
    assert doctor() == (State.ILL, "http://127.0.0.1:1/v1 cannot be reached.")


@pytest.fixture
def doctor() -> Callable[[], tuple[State, str]]:
    """What the doctor finds of the model."""

    def look() -> tuple[State, str]:
        found = [one for one in examine(Paths.find(), "me") if one.part == "model"]
        return found[0].state, found[0].text

    return look
