"""What is told, and what is logged, when something goes wrong that nobody foresaw."""

import asyncio
import os
import subprocess
import sys

import pytest
import strawberry
from structlog.testing import capture_logs

from api.execution.engine import Engine, Operation
from domain.errors import Unavailable

WORDS = "Maria's words"


@strawberry.type
class Query:
    @strawberry.field
    def broken(self) -> str:
        raise RuntimeError(WORDS)

    @strawberry.field
    def away(self) -> str:
        raise Unavailable("try again later")


def test_an_unexpected_error_is_masked_with_a_number_that_stands_in_the_log() -> None:
    with capture_logs() as logged:
        engine = Engine(strawberry.Schema(query=Query))
        answer = asyncio.run(engine.run(engine.prepare(Operation("{ broken }")), None))
    (error,) = answer.errors
    assert WORDS not in str(answer.as_json())
    assert (error["extensions"]["code"], error["path"]) == ("INTERNAL", ["broken"])
    assert logged[0]["error_id"] == error["extensions"]["id"]
    assert error["extensions"]["id"] in error["message"]


def test_an_expected_error_is_told_as_it_is_and_not_logged() -> None:
    with capture_logs() as logged:
        engine = Engine(strawberry.Schema(query=Query))
        answer = asyncio.run(engine.run(engine.prepare(Operation("{ away }")), None))
    assert answer.errors[0]["message"] == "try again later"
    assert answer.errors[0]["extensions"] == {"code": "UNAVAILABLE"}
    assert logged == []


LOGGING = """
from graphql import GraphQLError
from api.execution.errors import to_wire
from api.logs import configure_logs
from api.settings import Settings

configure_logs(Settings.from_environment())
try:
    raise ValueError("Maria's words")
except ValueError as error:
    to_wire(GraphQLError("wrapped", original_error=error))
"""


@pytest.mark.parametrize(("level", "told"), [("info", False), ("debug", True)])
@pytest.mark.parametrize("form", ["json", "console"])
def test_the_log_says_where_but_not_what_unless_asked(form: str, level: str, *, told: bool) -> None:
    environment = {**os.environ, "DESKLEDGER_LOG_LEVEL": level, "DESKLEDGER_LOG_FORMAT": form}
    environment.pop("DESKLEDGER_TEST_RUN", None)
    ran = subprocess.run([sys.executable, "-c", LOGGING], env=environment, capture_output=True, text=True, check=True)
    assert "ValueError" in ran.stderr
    assert "<string>:9" in ran.stderr
    assert (WORDS in ran.stderr) is told
