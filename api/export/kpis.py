"""The answer to the question `kpis` as a table. The question is put to the schema itself, so a file and the API cannot
differ: cells are what the answer holds.

`long`: a row for each KPI, group and piece of the range, with all that its figure says. `wide`: a row for each group
and piece, a column for each KPI's value.
"""

from collections.abc import AsyncIterator, Iterable, Sequence
from enum import StrEnum
from typing import Any

from api.context import Context
from api.execution.engine import Engine, Operation, RequestRefused
from api.export import headers
from api.export.table import Cell, Column, Kind, Row, Table
from domain.text import Locale, Text

Answered = dict[str, Any]

_NAMED = {"OPERATOR": "operator", "TEAM": "team", "CHANNEL": "channel", "COMMUNITY": "community"}
"""Dimensions whose values have names, and the row's field that has it."""
_QUERY = """
query Export($input: KpisInput!, $locale: Locale!) {
  kpiDefinitions(locale: $locale) { name title }
  kpis(input: $input) {
    rows {
      kpi
      name
      range { since until }
      group { dimension value }
      definition { version }
      operator { name } team { name } channel { name } community { name }
      figure { ...Figure }
      previous { ...Figure }
    }
  }
}
"""
_FIGURE = "fragment Figure on KpiFigure { value numerator denominator n }"
_SPREAD = """
fragment Figure on KpiFigure {
  value numerator denominator n
  spread {
    mean median p90 p95 percentileError
    fastest { seconds conversation { key } }
    slowest { seconds conversation { key } }
  }
}
"""


class Layout(StrEnum):
    """How figures are laid out."""

    LONG = "long"
    WIDE = "wide"


async def asked(engine: Engine, context: Context, input_: object, *, locale: Locale, spread: bool) -> Answered:
    """The schema's answer. Raises RequestRefused where it has errors."""
    query = _QUERY + (_SPREAD if spread else _FIGURE)
    variables = {"input": input_, "locale": locale.name}
    answer = await engine.run(engine.prepare(Operation(query, "Export", variables)), context)
    if answer.errors or answer.data is None:
        raise RequestRefused(answer.errors)
    return answer.data


def table_of(answer: Answered, *, locale: Locale, layout: Layout, spread: bool) -> Table:
    """The answer's rows, in their order."""
    rows = answer["kpis"]["rows"]
    titles = {definition["name"]: definition["title"] for definition in answer["kpiDefinitions"]}
    dimensions = [part["dimension"] for part in rows[0]["group"]] if rows else []
    if layout is Layout.WIDE:
        return _wide(rows, titles, dimensions, locale)
    return _long(rows, titles, dimensions, locale, spread=spread)


def _long(
    rows: Sequence[Answered], titles: dict[str, str], dimensions: list[str], locale: Locale, *, spread: bool
) -> Table:
    before = bool(rows) and rows[0]["previous"] is not None
    columns = [
        _column(headers.KPI, locale),
        _column(headers.TITLE, locale),
        _column(headers.VERSION, locale, kind=Kind.NUMBER),
        *_places(dimensions, locale),
        *_figures(locale, spread=spread),
        *(_figures(locale, spread=spread, suffix=headers.PREVIOUS.in_(locale)) if before else ()),
    ]

    def row_of(row: Answered) -> list[Cell]:
        figures = _cells(row["figure"], spread=spread)
        if before:
            figures += _cells(row["previous"], spread=spread)
        version = None if row["definition"] is None else str(row["definition"]["version"])
        return [row["kpi"] or row["name"], _title(row, titles), version, *_place(row), *figures]

    return Table("kpis", columns, _each(row_of(row) for row in rows))


def _wide(rows: Sequence[Answered], titles: dict[str, str], dimensions: list[str], locale: Locale) -> Table:
    kpis = {row["name"]: _title(row, titles) for row in rows}
    values: dict[tuple[Cell, ...], dict[str, Cell]] = {}
    for row in rows:
        values.setdefault(tuple(_place(row)), {})[row["name"]] = row["figure"]["value"]
    columns = [*_places(dimensions, locale), *(Column(title, Kind.NUMBER) for title in kpis.values())]
    return Table("kpis", columns, _each([*place, *(of[kpi] for kpi in kpis)] for place, of in values.items()))


def _title(row: Answered, titles: dict[str, str]) -> str:
    """A formula of one's own is called as the asker calls it."""
    title: str = row["name"] if row["kpi"] is None else titles[row["kpi"]]
    return title


def _places(dimensions: list[str], locale: Locale) -> list[Column]:
    columns = [_column(headers.SINCE, locale), _column(headers.UNTIL, locale)]
    for dimension in dimensions:
        title = headers.DIMENSIONS[dimension].in_(locale)
        columns.append(Column(title, Kind.TEXT))
        if dimension in _NAMED:
            columns.append(Column(f"{title}: {headers.NAME.in_(locale)}", Kind.TEXT))
    return columns


def _place(row: Answered) -> list[Cell]:
    cells: list[Cell] = [row["range"]["since"], row["range"]["until"]]
    for part in row["group"]:
        cells.append(part["value"])
        if part["dimension"] in _NAMED:
            named = row[_NAMED[part["dimension"]]]
            cells.append(None if named is None else named["name"])
    return cells


def _figures(locale: Locale, *, spread: bool, suffix: str = "") -> list[Column]:
    titles = {**headers.FIGURES, **(headers.SPREADS if spread else {})}
    columns = []
    for name, title in titles.items():
        header = f"{title.in_(locale)} ({suffix})" if suffix else title.in_(locale)
        columns.append(Column(header, Kind.NUMBER))
        if name in ("fastest", "slowest"):
            columns.append(Column(f"{header}: {headers.CONVERSATIONS['conversation'].in_(locale)}", Kind.TEXT))
    return columns


def _cells(figure: Answered, *, spread: bool) -> list[Cell]:
    cells: list[Cell] = [figure[name] for name in headers.FIGURES]
    if spread:
        for name in headers.SPREADS:
            told = None if figure["spread"] is None else figure["spread"][name]
            if name in ("fastest", "slowest"):
                cells += [None, None] if told is None else [str(told["seconds"]), told["conversation"]["key"]]
            else:
                cells.append(told)
    return cells


def _column(title: Text, locale: Locale, *, kind: Kind = Kind.WORD) -> Column:
    return Column(title.in_(locale), kind)


async def _each(rows: Iterable[Row]) -> AsyncIterator[Row]:
    for row in rows:
        yield row
