"""GraphQL on the wire: HTTP, server-sent events, WebSocket. No business, no database."""
