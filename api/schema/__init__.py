"""The GraphQL schema, one file per subject; `schema.graphql` beside them is what clients may rely on."""
