"""Files at URLs, fetched by fsspec, which the extras ``remote``, ``s3`` and ``gs`` bring."""

from __future__ import annotations

import io
import re
from typing import IO, Any

from pipelines.errors import PictureError, reason

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")  # of two letters at least: one is a drive of Windows
_EXTRAS = {"s3": "s3", "s3a": "s3", "gs": "gs", "gcs": "gs", "http": "remote", "https": "remote"}
_FORBIDDEN, _MISSING = (401, 403), (404, 410)


def is_url(source: object) -> bool:
    """Return whether a source is the URL of a file: text that begins with ``scheme://``."""
    return isinstance(source, str) and _URL.match(source) is not None


def fetch(url: str) -> IO[bytes]:
    """Fetch a file into memory.

    Parameters
    ----------
    url : str
        With any scheme that fsspec knows: ``s3://``, ``gs://``, ``https://``, ``memory://``, ``file://`` ...
        Credentials are found as the tools of that service find them.

    Raises
    ------
    PictureError
        A package is missing, the scheme is unknown, the file is missing or forbidden, or it cannot be
        fetched. The message does not contain the URL.
    """
    system, path = file_system(url)
    try:
        return io.BytesIO(system.cat_file(path))
    except Exception as error:
        raise PictureError(_why(error)) from error


def file_system(url: str) -> tuple[Any, str]:
    """Return the fsspec file system of a URL, and the path in it.

    Raises
    ------
    PictureError
        A package is missing, the scheme is unknown, or the place cannot be reached. The message does not
        contain the URL.
    """
    scheme = url.partition("://")[0].lower()
    try:
        from fsspec.core import url_to_fs

        system, path = url_to_fs(url)
    except ImportError as error:
        raise PictureError(_needs(scheme)) from error
    except ValueError as error:
        raise PictureError(f"is at no kind of place that is known ({reason(error):.160})") from error
    except Exception as error:
        raise PictureError(f"cannot be fetched ({reason(error):.160})") from error
    return system, str(path)


def _needs(scheme: str) -> str:
    extra = _EXTRAS.get(scheme)
    if extra is not None:
        return f"{scheme}:// needs a package that is not installed; pip install 'letters-ocr[{extra}]'"
    try:
        from fsspec.registry import known_implementations
    except ImportError:
        return f"{scheme}:// needs a package that is not installed; pip install 'letters-ocr[remote]'"
    says = known_implementations.get(scheme, {}).get("err", "install what fsspec needs for it")
    return f"{scheme}:// needs a package that is not installed ({says})"


def _why(error: Exception) -> str:
    """Return why a file cannot be fetched, from any of many kinds of errors."""
    status = getattr(error, "status", None) or getattr(error, "code", None)
    if isinstance(error, FileNotFoundError) or status in _MISSING:
        return "no such file"
    if isinstance(error, IsADirectoryError):
        return "is a folder, not a picture; pass the pictures in it"
    is_refusal = str(error).startswith("Forbidden")  # all that gcsfs says of it
    if isinstance(error, PermissionError) or status in _FORBIDDEN or is_refusal:
        return "permission denied; give credentials that may read it"
    if type(error).__name__ == "NoCredentialsError":
        return "permission denied; there are no credentials"
    return f"cannot be fetched ({reason(error):.160})"
