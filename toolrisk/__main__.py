"""`python -m toolrisk` is the command `toolrisk`."""

from toolrisk.cli import main

main()
