"""How the code should read, as tests. Each rule says why it stands; a rule without a reason should be deleted."""

import ast
import json
import re
import subprocess
import tokenize
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from statistics import quantiles

ROOT = Path(__file__).parents[2]
PACKAGES = ("api/", "domain/", "eventstore/", "projections/", "migrations/")
Function = ast.FunctionDef | ast.AsyncFunctionDef
FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef)
BINARY = {".gz", ".png", ".ico", ".woff2", ".parquet"}


@cache
def files() -> list[Path]:
    """What is, or would be, committed."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout.decode()
    return [path for name in listed.split("\0") if name and (path := ROOT / name).is_file()]


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def texts() -> dict[str, str]:
    return {named(path): path.read_text("utf-8") for path in files() if path.suffix not in BINARY}


@cache
def modules() -> dict[str, ast.Module]:
    return {name: ast.parse(text) for name, text in texts().items() if name.endswith(".py")}


def functions() -> Iterator[tuple[str, Function, int]]:
    """Where each function stands, itself, and how many lines it has."""
    for name, module in modules().items():
        for node in ast.walk(module):
            if isinstance(node, FUNCTION) and node.end_lineno is not None:
                yield f"{name}:{node.lineno} {node.name}", node, node.end_lineno - node.lineno + 1


def found(pattern: str, *, flags: int = 0, suffixes: tuple[str, ...] = ()) -> list[str]:
    """Where a pattern stands in what is committed. The rules themselves are left out."""
    rules = named(Path(__file__))
    return [
        f"{name}:{number}: {line.strip()}"
        for name, text in texts().items()
        if name != rules and (not suffixes or name.endswith(suffixes))
        for number, line in enumerate(text.splitlines(), 1)
        if re.search(pattern, line, flags)
    ]


def ninth_decile(sizes: list[int]) -> float:
    return quantiles(sizes, n=10)[-1]


def test_a_module_has_one_subject_and_so_stays_short() -> None:
    """A reader holds about 300 lines in mind; beyond 400 there is a second subject in it."""
    sizes = {name: len(text.splitlines()) for name, text in texts().items() if name.endswith(".py")}
    assert {name: size for name, size in sizes.items() if size > 400} == {}
    assert ninth_decile(list(sizes.values())) < 300


def test_a_function_fits_in_the_eye() -> None:
    """What does not fit on half a screen is not seen at once, and not checked at once."""
    sizes = {where: size for where, _, size in functions()}
    assert {where: size for where, size in sizes.items() if size > 60} == {}
    assert ninth_decile(list(sizes.values())) <= 30


def test_nothing_is_left_for_later_in_the_code() -> None:
    """What is to be done stands in the issues, where somebody will find it."""
    assert found(r"\b(TODO|FIXME|XXX|HACK)\b") == []


def test_no_path_of_somebodys_machine_is_committed() -> None:
    """It would be true on one machine only."""
    assert found(r"(?<![\w.~])/(home|root|Users|work|farm|opt)/\w") == []


def test_no_package_registry_is_named() -> None:
    """Whoever installs decides where packages come from; a host in a lock file overrides them silently."""
    assert found(r"pypi\.org|pythonhosted\.org|registry\.npmjs\.org|registry\.yarnpkg\.com|--index-url") == []


def test_npm_packages_are_exact_and_without_a_lock_file() -> None:
    """Lock files of npm hold addresses; exact versions in package.json hold the versions."""
    assert [name for name in texts() if name.endswith(("package-lock.json", "yarn.lock", "pnpm-lock.yaml"))] == []
    for name, text in texts().items():
        if name.endswith("package.json"):
            declared = json.loads(text)
            versions = {**declared.get("dependencies", {}), **declared.get("devDependencies", {})}
            assert [version for version in versions.values() if not re.fullmatch(r"\d+\.\d+\.\d+", version)] == [], name


def test_every_module_says_what_it_is_for() -> None:
    """Somebody opens the folder and has to know where a thing belongs. A package's empty marker has nothing to say."""
    silent = [name for name, module in modules().items() if module.body and not ast.get_docstring(module)]
    assert silent == []


def test_every_silenced_checker_has_its_reason_beside_it() -> None:
    """The next reader has to know whether the reason still holds."""
    mark = re.compile(r"#\s*(noqa(:\s*[A-Z]+\d+(,\s*[A-Z]+\d+)*)?|type:\s*ignore(\[[\w\-, ]+\])?)")
    bare = []
    for name in modules():
        with (ROOT / name).open("rb") as source:
            for token in tokenize.tokenize(source.readline):
                if token.type == tokenize.COMMENT and mark.search(token.string):
                    reason = mark.sub("", token.string)
                    if not re.search(r"\w{3}", reason):
                        bare.append(f"{name}:{token.start[0]} {token.string}")
    assert bare == []


def every_test() -> Iterator[tuple[str, Function]]:
    for where, node, _ in functions():
        if where.startswith("tests/") and node.name.startswith("test_"):
            yield where, node


def test_the_name_of_a_test_is_a_sentence() -> None:
    """The list of tests is read as the list of what holds. Where a table of cases names each, the names may do."""
    assert [where for where, node in every_test() if len(node.name.split("_")) < 4 and not _names_its_cases(node)] == []


def _names_its_cases(test: Function) -> bool:
    return any("ids=" in ast.unparse(decorator) for decorator in test.decorator_list)


CHECKS = re.compile(
    r"raises|fail|timeout|becomes|shows?|runs?|refuses|(_?(assert|check|expect|is|answers|gives|ends))_\w+"
)
"""Names of calls that fail where something is not so: pytest's, and those of the grammars in `tests/`."""


def test_every_test_can_fail() -> None:
    """A test that asserts nothing, itself or through a helper beside it, passes whatever the code does."""
    idle = []
    for where, node in every_test():
        beside = {part.name: part for part in modules()[where.split(":")[0]].body if isinstance(part, FUNCTION)}
        if not _checks(node, beside):
            idle.append(where)
    assert idle == []


def _checks(node: ast.AST, beside: dict[str, Function]) -> bool:
    """Whether something in it can fail; `beside` are the functions it may call, each followed once."""
    for part in ast.walk(node):
        if isinstance(part, ast.Assert):
            return True
        if isinstance(part, ast.Call):
            name = ast.unparse(part.func).rsplit(".", 1)[-1]
            others = {other: function for other, function in beside.items() if other != name}
            if CHECKS.fullmatch(name) or (name in beside and _checks(beside[name], others)):
                return True
    return False


def test_what_is_shipped_runs_without_the_tests() -> None:
    """Whoever installs Deskledger gets neither tests nor benchmarks."""
    imports = found(r"^\s*(from|import) (tests|benchmarks)\b", suffixes=(".py",))
    assert [line for line in imports if line.startswith(PACKAGES)] == []


def test_nothing_large_is_committed() -> None:
    """Data stays where it is; a repository is cloned by everybody, for ever. The API's schema is no data: it grows with
    the vocabulary, and is committed so that its changes are read."""
    sizes = {named(path): path.stat().st_size for path in files()}
    assert sizes.pop("api/schema/schema.graphql") < 800_000
    assert [name for name, size in sizes.items() if size > 400_000] == []
