"""Fetching from the publisher's address."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from oona.core.errors import WeightsFault
from oona.providers.weights import Cancelled, Progress
from oona.providers.weights.url import answers
from tests.providers.weights.conftest import QUICK, MakeWeights, Publisher, Registry

pytestmark = pytest.mark.server


def test_whole_file_is_stored_by_its_hash(
    publisher: Publisher, weights: MakeWeights, body: bytes
) -> None:
    """A fetched model lies under its hash, and nothing unfinished is left."""
    publisher.body = body
    models = weights(publisher.url)
    path = models.fetch("small")
    assert path.read_bytes() == body
    assert path == models.installed("small") == models.path("small")
    assert list((models.folder / "partial").iterdir()) == []


def test_resumes_after_a_cut(publisher: Publisher, weights: MakeWeights, body: bytes) -> None:
    """A second fetch asks for the bytes that did not come, and for no others."""
    publisher.body, publisher.cut_after = body, [100_000]
    models = weights(publisher.url)
    with pytest.raises(WeightsFault, match="100,000 bytes are kept"):
        models.fetch("small")
    assert models.arrived("small") == 100_000
    assert models.fetch("small").read_bytes() == body
    assert publisher.asked[-1] == f"bytes=100000-{len(body) - 1}"


def test_takes_a_cut_connection_up_again(
    publisher: Publisher, weights: MakeWeights, body: bytes
) -> None:
    """While a publisher yields megabytes, a cut is not the end of it."""
    publisher.body, publisher.cut_after = body, [2_000_000]
    assert weights(publisher.url).fetch("small").read_bytes() == body
    assert len(publisher.asked) == 2


def test_server_without_ranges_starts_over(
    publisher: Publisher, weights: MakeWeights, body: bytes
) -> None:
    """An answer that ignores the range is taken as the whole file it is."""
    publisher.body, publisher.cut_after, publisher.ranges = body, [100_000], False
    models = weights(publisher.url)
    with pytest.raises(WeightsFault):
        models.fetch("small")
    assert models.fetch("small").read_bytes() == body


def test_damaged_partial_is_noticed(
    publisher: Publisher, weights: MakeWeights, body: bytes
) -> None:
    """What has arrived is hashed again before it is built upon; a damaged stretch comes anew."""
    publisher.body, publisher.cut_after = body, [100_000]
    models = weights(publisher.url)
    with pytest.raises(WeightsFault):
        models.fetch("small")
    (data,) = (models.folder / "partial").glob("*/data")
    with data.open("r+b") as file:
        file.seek(50_000)
        file.write(bytes(1000))
    seen: list[Progress] = []
    assert models.fetch("small", progress=seen.append).read_bytes() == body
    assert publisher.asked[-1] == f"bytes=0-{len(body) - 1}"
    assert any("damaged" in note for note in seen[-1].notes)


def test_bad_hash_is_deleted_and_reported(
    publisher: Publisher, weights: MakeWeights, body: bytes
) -> None:
    """Other bytes of the right length are deleted; the message has both hashes."""
    publisher.body = bytes(len(body))
    models = weights(publisher.url)
    with pytest.raises(WeightsFault) as caught:
        models.fetch("small")
    expected = models.catalogue.get("small").sha256
    assert expected in caught.value.message
    assert "found " in caught.value.message
    assert models.installed("small") is None
    assert models.arrived("small") == 0


def test_good_source_follows_a_bad_one(
    publisher: Publisher, registry: Registry, weights: MakeWeights, body: bytes
) -> None:
    """A source with the wrong bytes does not keep the next from bringing the right ones."""
    publisher.body = bytes(len(body))
    models = weights(publisher.url, registry.offer(body, 2))
    assert models.fetch("small").read_bytes() == body


def test_silent_publisher_is_passed_over(
    publisher: Publisher, registry: Registry, weights: MakeWeights, body: bytes
) -> None:
    """A publisher that takes the connection and says nothing is left for the next source."""
    publisher.release.clear()
    seen: list[Progress] = []
    models = weights(publisher.url, registry.offer(body, 2), limits=QUICK)
    assert models.fetch("small", progress=seen.append).read_bytes() == body
    assert seen[-1].notes == ("Publisher: did not answer within 0.3 s",)


def test_wrong_size_is_refused_before_it_is_fetched(
    publisher: Publisher, weights: MakeWeights, body: bytes
) -> None:
    """A file of another length is not downloaded at all."""
    publisher.body, publisher.ranges = body + b"more", False
    models = weights(publisher.url)
    with pytest.raises(WeightsFault, match="offers 3,146,003 bytes instead of 3,145,999"):
        models.fetch("small")
    assert models.arrived("small") == 0


def test_refusal_names_the_status(publisher: Publisher, weights: MakeWeights) -> None:
    """A publisher's refusal is told with its status."""
    publisher.status = 404
    with pytest.raises(WeightsFault, match="HTTP status 404"):
        weights(publisher.url).fetch("small")


def test_cancelled_fetch_keeps_what_came(
    publisher: Publisher, weights: MakeWeights, body: bytes
) -> None:
    """Stopping loses nothing: the next fetch goes on."""
    publisher.body = body
    models, cancel = weights(publisher.url), threading.Event()

    def stop_at_a_megabyte(progress: Progress) -> None:
        if progress.done > 1_000_000:
            cancel.set()

    with pytest.raises(Cancelled):
        models.fetch("small", progress=stop_at_a_megabyte, cancel=cancel)
    assert models.arrived("small") > 1_000_000
    assert models.fetch("small").read_bytes() == body
    assert not publisher.asked[-1].startswith("bytes=0-")


def test_progress_only_grows(publisher: Publisher, weights: MakeWeights, body: bytes) -> None:
    """While bytes come, the count goes up and ends at the size."""
    publisher.body = body
    seen: list[Progress] = []
    weights(publisher.url).fetch("small", progress=seen.append)
    done = [progress.done for progress in seen if progress.phase == "fetching"]
    assert done == sorted(done)
    assert done[-1] == seen[-1].total == len(body)


def test_answers_only_for_what_can_be_had(publisher: Publisher, tmp_path: Path) -> None:
    """A publisher counts as reachable if it has the file, not if it merely answers."""
    assert answers(publisher.url, 5)
    publisher.status = 403
    assert not answers(publisher.url, 5)
    publisher.release.clear()
    assert not answers(publisher.url, 0.2)
