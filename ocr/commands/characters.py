"""The command ``ocr characters``."""

from __future__ import annotations

from ocr.commands.options import make_reader, takes_options
from ocr.commands.output import standard_output
from ocr.options import ReadOptions


@takes_options("pipeline", "top_k", "whitelist", "max_pixels", "dpi", "pages", "region")
def characters_command(options: ReadOptions) -> None:
    """List the characters that can be read, on one line, such as --whitelist takes."""
    from ocr.recognition.alphabet import readable
    from ocr.recognition.language import load_language

    classes = make_reader(options).recognizer.classifier.classes
    with standard_output() as stream:
        stream.write(f"{''.join(sorted(readable(classes, load_language(options.language))))}\n")
