"""Evaluation on pictures with known text, compared with other readers: the parts of ``ocr eval``."""
