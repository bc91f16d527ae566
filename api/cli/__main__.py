"""`python -m api.cli` is `deskledger`."""

from api.cli import main

main()
