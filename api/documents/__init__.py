"""Documents that are generated from declarations, so that they cannot say anything else than the program does."""
