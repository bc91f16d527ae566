"""The command line: tokens given and taken, schemas printed, migrations run."""

import json
from pathlib import Path

import jsonschema
import pytest
from alembic.script import ScriptDirectory

import migrations
from api.settings import Settings, described
from domain.errors import InvalidInput
from tests.api.conftest import Deskledger
from tests.api.desk import Desk


async def test_a_token_is_shown_once_works_at_once_and_is_dead_once_revoked(desk: Desk, deskledger: Deskledger) -> None:
    made = deskledger("token", "create", "--workspace", desk.slug, "--role", "operator", "--operator", "anna")
    token = made.stdout.strip()
    who = await desk.ask("{ workspace { slug viewer { role operator } } }", token=token)
    assert who["workspace"] == {"slug": desk.slug, "viewer": {"role": "OPERATOR", "operator": "anna"}}
    listed = deskledger("token", "list", "--workspace", desk.slug).stdout
    assert token not in listed
    (line,) = [line for line in listed.splitlines() if "\toperator\tanna\t" in line]
    assert deskledger("token", "revoke", "--workspace", desk.slug, line.split("\t")[0]).returncode == 0
    assert "revoked" in deskledger("token", "list", "--workspace", desk.slug).stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--workspace", "no-such-desk", "--role", "manager"), "there is no workspace 'no-such-desk'"),
        (("--workspace", "Not A Slug", "--role", "manager", "--create-workspace"), "is no short name"),
        (("--workspace", "acme", "--role", "operator", "--create-workspace"), "--operator"),
    ],
)
def test_a_token_that_cannot_be_is_refused_in_a_sentence(
    deskledger: Deskledger, arguments: tuple[str, ...], words: str
) -> None:
    refused = deskledger("token", "create", *arguments)
    assert refused.returncode == 1
    assert words in refused.stderr
    assert "Traceback" not in refused.stderr


def test_the_event_format_is_printed_as_a_json_schema(deskledger: Deskledger) -> None:
    printed = json.loads(deskledger("schema", "events").stdout)
    jsonschema.validators.validator_for(printed).check_schema(printed)


def test_migrating_again_changes_nothing(deskledger: Deskledger) -> None:
    migrated = deskledger("migrate")
    assert (migrated.returncode, migrated.stdout) == (0, f"the schema is at {migrations.newest()}\n")


def test_the_newest_migration_is_the_last_file() -> None:
    assert migrations.newest() == ScriptDirectory(str(Path(migrations.__file__).parent)).get_current_head()


def test_a_setting_that_cannot_be_or_is_none_is_refused_by_name() -> None:
    for environment, words in (
        ({"DESKLEDGER_PORT": "eighty"}, "port"),
        ({"DESKLEDGER_PORT": "99999"}, "port"),
        ({"DESKLEDGER_LOG_FORMAT": "xml"}, "log_format"),
        ({"DESKLEDGER_PROT": "80"}, "prot"),
        ({"DESKLEDGER_TRUSTED_PROXIES": "10.0.0.0/8, everybody"}, "trusted_proxies: 'everybody'"),
        ({"DESKLEDGER_TRUSTED_PROXIES": "10.0.0.1/8"}, "trusted_proxies: 10.0.0.1/8 has host bits set"),
    ):
        with pytest.raises(InvalidInput, match=words):
            Settings.from_environment(environment)


def test_every_setting_is_described() -> None:
    assert all(meaning for meaning, _ in described().values())
    assert Settings.from_environment({"DESKLEDGER_PORT": "0", "DESKLEDGER_WORKERS": "false", "PATH": "/bin"}).port == 0
