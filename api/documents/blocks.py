"""What can be generated into a document: a block each, by name. Adding one is a function here, and its two marks in a
Markdown file, `<!-- generated: NAME -->` and `<!-- end -->`."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType, NoneType, UnionType
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import domain.events  # noqa: F401 - fills the registry of event types
from api.auth.roles import RIGHTS, Right, Role, reach_of
from api.schema.access import needs
from api.settings import described
from domain.event import DECLARATIONS, Declaration, Personal
from domain.kpi.catalogue import CATALOGUE
from domain.kpi.kpi import Kpi
from domain.text import Locale, Text


def settings() -> str:
    """Every environment variable."""
    return _table(
        ("variable", "meaning", "default"),
        ((f"`{name}`", meaning, _shown(default)) for name, (meaning, default) in described().items()),
    )


def roles() -> str:
    """Who may do what."""
    return _table(
        ("may", *(f"`{role}`" for role in Role)),
        ((_words(right), *(RIGHTS[role].get(right, "") for role in Role)) for right in Right),
    )


def roots() -> str:
    """Every root field, and how far each role gets with it."""
    return _table(
        ("field", *(f"`{role}`" for role in Role)),
        ((f"`{kind} {name}`", *(_far(role, needed) for role in Role)) for kind, name, needed in needs()),
    )


def _far(role: Role, needed: tuple[Right, ...]) -> str:
    """A field that any right opens is open to all; what it shows is by its own rights."""
    return "all" if needed == tuple(Right) else reach_of(role, *needed) or ""


def events() -> str:
    """The vocabulary: a row for each type of event."""
    return _table(
        ("event", "v", "about", "title", "meaning", "fields"),
        (
            (f"`{name}`", str(each.version), each.subject, _four(each.title), _sentence(each.meaning), _fields(each))
            for name, each in DECLARATIONS.items()
        ),
    )


def kpis() -> str:
    """The KPIs: a section for each, as the API itself defines it."""
    return "\n\n".join(_kpi(kpi) for kpi in CATALOGUE.values())


BLOCKS: Mapping[str, Callable[[], str]] = MappingProxyType(
    {"settings": settings, "roles": roles, "roots": roots, "events": events, "kpis": kpis}
)


def _kpi(kpi: Kpi) -> str:
    rows = [
        ("formula", f"`{kpi.formula}`"),
        ("unit; better is", f"{kpi.unit}; {kpi.direction}"),
        ("slices", ", ".join(kpi.slices)),
        ("acts of, unless asked otherwise", ", ".join(kpi.actor_types)),
    ]
    if kpi.shown_with:
        rows.append(("shown with", ", ".join(f"`{name}`" for name in kpi.shown_with)))
    meanings = "\n".join(f"- {locale}: **{kpi.title.in_(locale)}**. {kpi.meaning.in_(locale)}" for locale in Locale)
    return f"### `{kpi.name}` ({kpi.code}, version {kpi.version})\n\n{meanings}\n\n{_table(('', ''), rows)}"


def _fields(declared: Declaration) -> str:
    """`name: type` of each field; optional ones with `?`, personal words and pseudonyms marked."""
    hints = get_type_hints(declared.payload, include_extras=True)
    return ", ".join(_field(name, hints[name], declared) for name in declared.payload.__struct_fields__)


def _field(name: str, hint: Any, declared: Declaration) -> str:
    optional = "?" if NoneType in get_args(hint) else ""
    mark = " (personal)" if name in declared.personal else " (pseudonym)" if name in declared.pseudonyms else ""
    return f"`{name}{optional}: {_type(hint, declared.personal.get(name))}`{mark}"


def _type(hint: Any, personal: Personal | None) -> str:
    """A type in words that are the same in any language."""
    if personal is not None:
        return "text"
    if get_origin(hint) is Annotated:
        return _type(get_args(hint)[0], None)
    if get_origin(hint) is UnionType or NoneType in get_args(hint):
        return next(_type(one, None) for one in get_args(hint) if one is not NoneType)
    if get_origin(hint) is tuple:
        return f"list of {_type(get_args(hint)[0], None)}"
    if issubclass(hint, StrEnum):
        return " or ".join(hint)
    return {str: "text", int: "integer", bool: "true or false"}[hint]


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def _four(text: Text) -> str:
    return "<br>".join(text)


def _sentence(text: str) -> str:
    return " ".join(text.split())


def _words(right: Right) -> str:
    return right.replace("_", " ")


def _shown(default: object) -> str:
    text = str(default).lower() if isinstance(default, bool) else str(default)
    return f"`{text}`" if text else ""
