"""Time zones as people name them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from zoneinfo import available_timezones

from babel.core import Locale, get_global

from bot.queries.names import Named, Names

_UTC = "UTC"
_SAME_AS_UTC = ("Etc/UTC", "Etc/GMT")
_MISLEADING = ("EST", "MST")
"""Zones without summer time in the database; who types them means New York or Denver."""

_FIRST = (
    *(_UTC, "Europe/London", "Europe/Berlin", "Europe/Paris", "Europe/Madrid", "Europe/Warsaw"),
    *("Europe/Kyiv", "Europe/Istanbul", "Europe/Moscow", "Africa/Cairo", "Africa/Lagos"),
    *("Africa/Johannesburg", "Asia/Dubai", "Asia/Kolkata", "Asia/Jakarta", "Asia/Shanghai"),
    *("Asia/Tokyo", "Asia/Seoul", "Australia/Sydney", "Pacific/Auckland", "America/Sao_Paulo"),
    *("America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles"),
)
"""Those that are offered before anything is typed, from all over the world."""


def timezones(languages: Iterable[str]) -> Names:
    """Return the canonical IANA time zones, by their cities in these languages too.

    What a zone is also called in the IANA database (US/Eastern, Turkey) names it as well.
    """
    also, locales = _aliases(), [Locale.parse(code) for code in languages]
    named = (
        Named(name, _spaced(name), (*_cities(name, locales), *also.get(name, ())))
        for name in (*_FIRST, *sorted(_on_the_map() - set(_FIRST)))
    )
    return Names("timezone", tuple(named))


def _on_the_map() -> set[str]:
    """Return those that are of some place, each under one name."""
    aliases = get_global("zone_aliases")
    placed = (each for each in available_timezones() if "/" in each)
    return {each for each in placed if each not in aliases and not each.startswith("Etc/")}


def _aliases() -> Mapping[str, list[str]]:
    found = defaultdict(list, {_UTC: list(_SAME_AS_UTC)})
    for alias, name in sorted(get_global("zone_aliases").items()):
        if alias not in _MISLEADING:
            found[_UTC if name in _SAME_AS_UTC else name].append(alias)
    return found


def _cities(name: str, locales: Iterable[Locale]) -> Iterator[str]:
    """Yield what the city of a zone is called, last in its own name."""
    for locale in locales:
        city = locale.time_zones.get(name, {}).get("city")
        if city is not None:
            yield str(city)
    yield _spaced(name).rpartition("/")[2]


def _spaced(name: str) -> str:
    return name.replace("_", " ")
