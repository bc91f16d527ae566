"""`deskledger schema`: what the API and the event format promise."""

import json

import typer


def register(app: typer.Typer) -> None:
    commands = typer.Typer(help="Print the schemas that clients and integrations build on.", no_args_is_help=True)
    commands.command("graphql")(graphql)
    commands.command("events")(events)
    app.add_typer(commands, name="schema")


def graphql() -> None:
    """Print the GraphQL schema, sorted: `api/schema/schema.graphql`."""
    from api.schema import sdl

    typer.echo(sdl(), nl=False)


def events() -> None:
    """Print the JSON Schema of a line of the JSON Lines event format."""
    from api.ingest.jsonl import json_schema

    typer.echo(json.dumps(json_schema(), indent=2, ensure_ascii=False))
