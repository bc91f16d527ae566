"""How Alembic runs here: on a connection that `migrations.upgrade` opened in the owner's role, one process at a time.

(An advisory lock is right here and nowhere else: migrations run on one node, the coordinator.) A migration waits for
its own locks briefly, since whoever waits for a table's lock makes everybody wait behind it.
"""

from alembic import context
from sqlalchemy import Connection, text

from eventstore.tables import metadata

_ONE_AT_A_TIME = 0x6465736B  # "desk"
_SETTINGS = (
    "SET lock_timeout = '10s'",
    "SET statement_timeout = '30min'",
    "SET citus.multi_shard_modify_mode = 'sequential'",
)


def run() -> None:
    connection: Connection = context.config.attributes["connection"]
    connection.execute(text(f"SELECT pg_advisory_lock({_ONE_AT_A_TIME})"))
    for setting in _SETTINGS:
        connection.execute(text(setting))
    connection.commit()
    # The lock belongs to the connection, which is closed after this.
    context.configure(connection=connection, target_metadata=metadata, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()


run()
