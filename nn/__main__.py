"""``python -m nn`` is the command ``nn``."""

from nn.cli import main

main()
