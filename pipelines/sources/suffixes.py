"""Supported kinds of pictures, and the suffixes of their files."""

from __future__ import annotations

KINDS = "JPEG, PNG, TIFF, BMP, WebP, GIF, HEIC, AVIF, JPEG 2000, PNM, TGA, PCX, ICO or PDF"

PICTURES = (
    *(".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp", ".gif", ".heic", ".heif", ".avif"),
    *(".jp2", ".j2k", ".jpx", ".j2c", ".pgm", ".ppm", ".pbm", ".pnm", ".tga", ".pcx", ".ico"),
)
"""All except PDF; of several files with one name, the first suffix here wins."""
EVERY = frozenset({*PICTURES, ".pdf"})
"""The suffixes that are searched for in a folder."""
