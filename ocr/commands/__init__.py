"""The command ``ocr``."""
