"""The time zone this machine is in, by its IANA name."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

FALLBACK = "UTC"
_LOCALTIME = Path("/etc/localtime")
_TIMEZONE = Path("/etc/timezone")


def is_zone(name: str) -> bool:
    """Whether `name` is a zone that this machine knows the rules of."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def system_zone(
    env: Mapping[str, str], localtime: Path = _LOCALTIME, timezone: Path = _TIMEZONE
) -> str:
    """What TZ names, else what the system's clock is set to, else UTC."""
    for name in (env.get("TZ", "").lstrip(":"), _linked(localtime), _written(timezone)):
        if name and is_zone(name):
            return name
    return FALLBACK


def _linked(localtime: Path) -> str:
    # The link leads into the zone database: …/zoneinfo/Europe/Oslo.
    try:
        target = localtime.resolve(strict=True).as_posix()
    except (OSError, RuntimeError):
        return ""
    _, found, name = target.partition("/zoneinfo/")
    return name.removeprefix("posix/").removeprefix("right/") if found else ""


def _written(timezone: Path) -> str:
    try:
        return timezone.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""
