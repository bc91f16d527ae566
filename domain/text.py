"""Words shown to people, in the four languages of the desks that we serve."""

from enum import StrEnum
from typing import NamedTuple


class Locale(StrEnum):
    """A language that titles and definitions are served in."""

    EN = "en"
    RU = "ru"
    UK = "uk"
    RO = "ro"


class Text(NamedTuple):
    """One sentence or title in all four languages; none of them is optional."""

    en: str
    ru: str
    uk: str
    ro: str

    def in_(self, locale: Locale) -> str:
        return self[_INDEX[locale]]


_INDEX = {locale: index for index, locale in enumerate(Locale)}
