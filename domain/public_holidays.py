"""Public holidays of countries, from the `holidays` library.

Dates are worked out when a calendar is set, and stand in its event from then on: a newer library knows better, and
changes nothing that was counted.
"""

from collections.abc import Iterable
from functools import cache

import holidays


@cache
def countries() -> frozenset[str]:
    """The codes that are known: `MD`, or with a subdivision `DE-BY`."""
    known = holidays.list_supported_countries()
    return frozenset(known) | {f"{country}-{part}" for country, parts in known.items() for part in parts}


def dates_of(code: str, years: Iterable[int]) -> tuple[str, ...]:
    """The public holidays of a country in some years, as `2026-01-01`; none where the country is not known."""
    if code not in countries():
        return ()
    country, _, part = code.partition("-")
    found = holidays.country_holidays(country, subdiv=part or None, years=list(years), observed=True)
    return tuple(sorted(day.isoformat() for day in found))
