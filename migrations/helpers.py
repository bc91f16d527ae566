"""What migrations share: where a table's rows stand, what the application may do with them, what nobody may.

All statements are for the owner's role, inside a migration's transaction. Rules for migrations: one ALTER action a
statement, constraints named (`table_pkey`, `table_columns_key`, `table_columns_idx`), both ways real.
"""

from alembic import op
from sqlalchemy import text

from eventstore.roles import APP


def distribute(table: str) -> None:
    """Spread a table by its workspace where the database is Citus; all tables of a workspace stand together."""
    if _citus():
        together = "default" if table == "ledgers" else "ledgers"
        op.execute(f"SELECT create_distributed_table('{table}', 'workspace_id', colocate_with => '{together}')")


def replicate(table: str) -> None:
    """Have a small table whole on every node where the database is Citus."""
    if _citus():
        op.execute(f"SELECT create_reference_table('{table}')")


def grant(table: str, *rights: str) -> None:
    """Let the application do this with a table (`SELECT`, `INSERT`, `UPDATE`, `DELETE`), and nothing else."""
    op.execute(f"REVOKE ALL ON {table} FROM PUBLIC")
    op.execute(f"REVOKE ALL ON {table} FROM {APP}")
    op.execute(f"GRANT {', '.join(rights)} ON {table} TO {APP}")


def protect(table: str, *actions: str) -> None:
    """Have these actions (`UPDATE`, `DELETE`, `TRUNCATE`) refused to everybody, the owner included."""
    op.execute("SET LOCAL citus.enable_unsafe_triggers = on")
    op.execute(
        f"CREATE TRIGGER {table}_is_immutable BEFORE {' OR '.join(actions)} ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION deskledger_refuse()"
    )


def _citus() -> bool:
    found = op.get_bind().execute(text("SELECT count(*) FROM pg_extension WHERE extname = 'citus'")).scalar_one()
    return bool(found)
