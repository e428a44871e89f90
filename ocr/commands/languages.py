"""The command ``ocr languages``."""

from __future__ import annotations

from ocr.commands.output import standard_output


def languages_command() -> None:
    """List the languages that --lang takes, each with its name in English and its ISO 639 codes."""
    from ocr.languages import NONE, file_of, languages
    from ocr.languages.orthography import read_orthography

    with standard_output() as stream:
        for name in languages():
            said = read_orthography(file_of(name))
            stream.write(f"{name:<6}{said.name:<12}{', '.join(said.codes)}\n")
        stream.write(f"{NONE:<6}every letter by itself\n")
