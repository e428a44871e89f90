"""The commands of ``ocr``, in the order in which the help shows them."""

COMMANDS = ("read", "inspect", "batch", "eval", "serve", "learn", "languages", "characters")
"""Each is ``NAME_command`` in the module `ocr.commands.NAME`, with that module's ``EPILOG``, if any."""
