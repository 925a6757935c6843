"""The catalogue: which models there are, what proves a file to be one, and where its bytes lie.

It is data (`catalogue.toml`, beside this file), so that a model or a mirror is added without code.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import resources

from oona.core.errors import NotFound, WeightsFault

_SUFFIX = ".gguf"
_SHA256 = re.compile(r"[0-9a-f]{64}")
_ROLES = frozenset({"chat", "hearing", "plumbing", "recall"})


@dataclass(frozen=True, slots=True)
class Part:
    """One stretch of a model's file, as one member of one registry package.

    `size` counts the bytes of the member, `wheel_size` those of the package that brings it.
    """

    package: str
    member: str
    size: int
    wheel_size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class UrlSource:
    """The whole file at one address."""

    publisher: str
    url: str


@dataclass(frozen=True, slots=True)
class PackageSource:
    """The file as parts in registry packages, to be joined in this order."""

    publisher: str
    parts: tuple[Part, ...]


Source = UrlSource | PackageSource


@dataclass(frozen=True, slots=True)
class Model:
    """One file of weights.

    `size` is the file's length in bytes, `memory` what it needs in bytes while it runs, and
    `wants_free` how many bytes of memory must be free before it is chosen unasked. `hash_seen`
    tells where its hash was found, in words.
    """

    name: str
    title: str
    size: int
    sha256: str
    licence: str
    parameters: int
    memory: int
    wants_free: int
    roles: frozenset[str]
    run_by_us: bool
    hash_seen: tuple[str, ...]
    sources: tuple[Source, ...]
    suffix: str = _SUFFIX
    """How the file's name ends, for whatever loads it."""

    @property
    def urls(self) -> tuple[str, ...]:
        """The publishers' addresses, in the catalogue's order."""
        return tuple(source.url for source in self.sources if isinstance(source, UrlSource))

    @property
    def in_packages(self) -> bool:
        """Whether a package registry can bring it."""
        return any(isinstance(source, PackageSource) for source in self.sources)


class Catalogue:
    """The known models, in the file's order."""

    def __init__(self, models: tuple[Model, ...]) -> None:
        self._models = {model.name: model for model in models}
        if len(self._models) != len(models):
            raise WeightsFault("The catalogue names a model twice.")

    def __iter__(self) -> Iterator[Model]:
        return iter(self._models.values())

    def __len__(self) -> int:
        return len(self._models)

    def get(self, name: str) -> Model:
        """The model called `name`. Raises NotFound when there is none."""
        try:
            return self._models[name]
        except KeyError:
            raise NotFound(
                f"No model is called {name!r}.", f"There are: {', '.join(self._models)}."
            ) from None


def load(text: str | None = None) -> Catalogue:
    """The catalogue that TOML `text` spells; without one, the catalogue that ships with Oona.

    Raises WeightsFault with the entry and the field when it does not hold together.
    """
    if text is None:
        text = (resources.files(__package__) / "catalogue.toml").read_text(encoding="utf-8")
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise WeightsFault(f"The catalogue is not valid TOML: {error}.") from None
    entries = _Fields(data, "the catalogue").tables("model")
    return Catalogue(tuple(_model(entry) for entry in entries))


class _Fields:
    """A TOML table read field by field, with errors that name the entry and the field."""

    def __init__(self, table: Mapping[str, object], where: str) -> None:
        self._table = table
        self.where = where

    def fault(self, field: str, wanted: str) -> WeightsFault:
        return WeightsFault(f"In {self.where}, {field!r} must be {wanted}.")

    def text(self, field: str) -> str:
        value = self._table.get(field)
        if not isinstance(value, str) or not value:
            raise self.fault(field, "a text")
        return value

    def sha256(self, field: str) -> str:
        value = self.text(field)
        if not _SHA256.fullmatch(value):
            raise self.fault(field, "64 lower-case hexadecimal digits")
        return value

    def suffix(self) -> str:
        value = self._table.get("suffix", _SUFFIX)
        if not isinstance(value, str) or not re.fullmatch(r"\.[a-z]{2,8}", value):
            raise self.fault("suffix", 'an ending like ".onnx"')
        return value

    def number(self, field: str, least: int = 1) -> int:
        value = self._table.get(field)
        if not isinstance(value, int) or isinstance(value, bool) or value < least:
            raise self.fault(field, f"a whole number, {least} or more")
        return value

    def flag(self, field: str) -> bool:
        value = self._table.get(field)
        if not isinstance(value, bool):
            raise self.fault(field, "true or false")
        return value

    def texts(self, field: str) -> tuple[str, ...]:
        value = self._table.get(field)
        if not isinstance(value, list) or not value:
            raise self.fault(field, "a list of texts")
        texts = tuple(item for item in value if isinstance(item, str) and item)
        if len(texts) != len(value):
            raise self.fault(field, "a list of texts")
        return texts

    def tables(self, field: str) -> list[_Fields]:
        value = self._table.get(field)
        if not isinstance(value, list) or not value:
            raise self.fault(field, "a list of tables")
        found = []
        for number, item in enumerate(value, 1):
            if not isinstance(item, dict):
                raise self.fault(field, "a list of tables")
            name = item.get("name", f"number {number}")
            found.append(_Fields(item, f"{self.where}, {field} {name}"))
        return found


def _model(fields: _Fields) -> Model:
    roles = frozenset(fields.texts("roles"))
    if not roles <= _ROLES:
        raise fields.fault("roles", f"among {', '.join(sorted(_ROLES))}")
    size = fields.number("size")
    return Model(
        name=fields.text("name"),
        title=fields.text("title"),
        size=size,
        sha256=fields.sha256("sha256"),
        licence=fields.text("licence"),
        parameters=fields.number("parameters"),
        memory=fields.number("memory"),
        wants_free=fields.number("wants_free", least=0),
        roles=roles,
        run_by_us=fields.flag("run_by_us"),
        hash_seen=fields.texts("hash_seen"),
        sources=tuple(_source(source, size) for source in fields.tables("source")),
        suffix=fields.suffix(),
    )


def _source(fields: _Fields, size: int) -> Source:
    publisher = fields.text("publisher")
    kind = fields.text("kind")
    if kind == "url":
        return UrlSource(publisher, fields.text("url"))
    if kind != "packages":
        raise fields.fault("kind", '"url" or "packages"')
    parts = tuple(_part(part) for part in fields.tables("part"))
    if sum(part.size for part in parts) != size:
        raise fields.fault("part", f"parts that add up to the model's {size} bytes")
    return PackageSource(publisher, parts)


def _part(fields: _Fields) -> Part:
    package = fields.text("package")
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*==[A-Za-z0-9._+!-]+", package):
        raise fields.fault("package", "a name and one exact version, as in name==1.0")
    return Part(
        package=package,
        member=fields.text("member"),
        size=fields.number("size"),
        wheel_size=fields.number("wheel_size"),
        sha256=fields.sha256("sha256"),
    )
