"""A report in words, for the command line."""

from collections.abc import Iterator

from api.ingest.report import Report


def told(report: Report) -> str:
    """The report as a few lines."""
    return "\n".join(_lines(report))


def _lines(report: Report) -> Iterator[str]:
    yield f"{report.file}: {_count(report.rows_read, 'row')} read" + (
        f" in {_count(report.cases, 'case')}" if report.cases else ""
    )
    if report.appended:
        yield f"  {_count(report.appended, 'event')} appended" + (
            f", {report.already_there:,} were there already" if report.already_there else ""
        )
    else:
        yield f"  nothing appended: {_count(report.already_there, 'event')} were there already"
    duplicates = report.duplicates
    if duplicates.exact or duplicates.same_key:
        where = _first_of(duplicates.lines, duplicates.exact + duplicates.same_key)
        yield f"  duplicates: {duplicates.exact:,} exact, {duplicates.same_key:,} with the same key ({where})"
    if report.rows_without_event:
        yield f"  {_count(report.rows_without_event, 'row')} made no event"
    if report.rows_cut_short:
        yield f"  rows that end early: {_first_of(report.rows_cut_short, len(report.rows_cut_short))}"
    yield from _refused(report)
    if report.first and report.last:
        yield f"  from {report.first} to {report.last}"
    yield from (f"    {count:>10,}  {kind}" for kind, count in report.events.items())


def _refused(report: Report) -> Iterator[str]:
    refused = report.refused
    if not refused.count:
        return
    yield f"  {_count(refused.count, 'row')} refused:"
    yield from (f"    line {one['line']}: {one['reason']} [{one['code']}]" for one in refused.first)
    if refused.count > len(refused.first):
        yield f"    ... and {refused.count - len(refused.first):,} more; --refused FILE writes them all"


def _count(count: int, what: str) -> str:
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"


def _first_of(lines: list[int], total: int) -> str:
    shown = ", ".join(str(line) for line in lines[:5])
    return f"line {shown}" + (", ..." if total > 5 else "")
