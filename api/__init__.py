"""The composition root and everything with a wire: HTTP, GraphQL, imports, the command line."""
