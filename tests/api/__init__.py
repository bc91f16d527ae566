"""The API from outside: a real server on a real PostgreSQL, spoken to over its socket."""
