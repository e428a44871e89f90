"""Downloads EMNIST into the user's cache.

Interrupted downloads are resumed. This is why pooch is not used: measured with pooch 1.9, each attempt after
a broken connection requests the whole file again (535 MB).
"""

from __future__ import annotations

import errno
import hashlib
import os
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from shutil import copyfileobj, disk_usage
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from nn.errors import DataError
from nn.files import replacing

URL = "https://biometrics.nist.gov/cs_links/EMNIST/gzip.zip"
MD5 = "58c8d27c78d21e728a6bc7b3cc06412e"
BLOCK = 2**18
ATTEMPTS = 5
TIMEOUT = 30.0

Report = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Archive:
    """An archive: its URL, its MD5 (hexadecimal), and the seconds between attempts."""

    url: str = URL
    md5: str = MD5
    wait: float = 2.0


def cache_folder() -> Path:
    """Return where fetched data are kept: below ``XDG_CACHE_HOME``, by default ``~/.cache``."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "letters-ocr" / "emnist"


def fetch(archive: Archive, folder: Path, report: Report) -> list[Path]:
    """Download `archive` into `folder`, check it and unpack it; return the files.

    Data received before a broken connection are kept, and the next attempt or call continues from there. An
    archive that already exists is not downloaded again.

    Parameters
    ----------
    archive : Archive
    folder : Path
        Created if needed.
    report : callable
        Called with the number of bytes so far, and in all.

    Raises
    ------
    DataError
        If it cannot be downloaded, has another checksum, or does not fit on the disk: one line that also says
        how to do it by hand.
    """
    whole = folder / archive.url.rpartition("/")[2]
    part = whole.with_name(whole.name + ".part")
    by_hand = f"by hand: download {archive.url}, put it at {whole}, and call this again"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not whole.is_file():
            _download(archive, part, report)
            _check(part, archive)
            os.replace(part, whole)
        _check(whole, archive)
        return unpack(whole)
    except DataError as error:
        raise DataError(f"{error}; {by_hand}") from error
    except OSError as error:
        full = "no space left; make room there" if error.errno == errno.ENOSPC else str(error)
        raise DataError(f"{folder}: {full}; {by_hand}") from error


def unpack(archive: Path) -> list[Path]:
    """Write the files of EMNIST in a zip archive beside it, without their folders, and return them.

    Raises
    ------
    DataError
        If it is not a zip archive or holds none of them.
    """
    files = []
    try:
        with zipfile.ZipFile(archive) as packed:
            for entry in packed.infolist():
                name = entry.filename.rpartition("/")[2]
                if not name.startswith("emnist-"):
                    continue
                file = archive.with_name(name)
                files.append(file)
                if not file.is_file() or file.stat().st_size != entry.file_size:
                    with (
                        replacing(file) as temporary,
                        packed.open(entry) as source,
                        open(temporary, "wb") as target,
                    ):
                        copyfileobj(source, target)
    except (zipfile.BadZipFile, EOFError, NotImplementedError) as error:
        raise DataError(f"{archive}: not a readable zip archive ({error})") from error
    if not files:
        raise DataError(f"{archive}: holds no files emnist-...")
    return files


def _download(archive: Archive, part: Path, report: Report) -> None:
    """Download the archive into `part`, in at most `ATTEMPTS` attempts."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            if _bring(archive.url, part, report):
                return
            cause = "the connection ended early"
        except HTTPError as error:
            if error.code < 500 and error.code not in (408, 429):
                raise DataError(f"{archive.url}: the server says {error.code} {error.reason}") from error
            cause = f"{error.code} {error.reason}"
        except (OSError, HTTPException) as error:
            if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EACCES, errno.EROFS):
                raise
            cause = str(error) or type(error).__name__
        if attempt < ATTEMPTS:
            time.sleep(archive.wait * attempt)
    raise DataError(f"{archive.url}: {ATTEMPTS} attempts failed, the last because: {cause}")


def _bring(url: str, part: Path, report: Report) -> bool:
    """Append the missing rest to `part`, in one connection; return whether it is complete."""
    have = part.stat().st_size if part.is_file() else 0
    request = Request(url, headers={"Range": f"bytes={have}-"} if have else {})
    try:
        answer = urlopen(request, timeout=TIMEOUT)
    except HTTPError as error:
        error.close()
        if error.code == 416:
            return True
        raise
    with answer, open(part, "ab") as file:
        if answer.status != 206:
            file.truncate(have := 0)
        total = have + int(answer.headers.get("Content-Length") or 0)
        if total - have > disk_usage(part.parent).free:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        while block := answer.read(BLOCK):
            file.write(block)
            have += len(block)
            report(have, total)
    return have >= total


def _check(file: Path, archive: Archive) -> None:
    """Raise DataError, after removing the file, if its MD5 is not the archive's."""
    with open(file, "rb") as opened:
        found = hashlib.file_digest(opened, "md5").hexdigest()
    if found != archive.md5:
        size = file.stat().st_size
        file.unlink()
        raise DataError(f"{archive.url}: MD5 of {size} bytes is {found}, expected {archive.md5}; removed")
