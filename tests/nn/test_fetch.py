import errno
import hashlib
import io
import os
import threading
import zipfile
from collections import namedtuple
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest

import nn.commands.data
import nn.data.fetch
from nn.commands.cli import main
from nn.data.fetch import MD5, URL, Archive, cache_folder, fetch
from nn.errors import DataError

FILES = {
    "gzip/emnist-letters-train-images-idx3-ubyte.gz": np.random.default_rng(0).bytes(3_000_000),
    "gzip/emnist-letters-mapping.txt": b"1 65 97\n",
}


def zipped():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in {**FILES, "gzip/readme.txt": b""}.items():
            archive.writestr(name, content)
    return file.getvalue()


WHOLE = zipped()


class Server(ThreadingHTTPServer):
    """Serves `WHOLE`; says how it was asked, and fails as it is told, once for each of `faults`."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked, self.faults, self.ranges = [], [], True

    @property
    def archive(self):
        url = f"http://127.0.0.1:{self.server_port}/EMNIST/gzip.zip"
        return Archive(url, hashlib.md5(WHOLE).hexdigest(), wait=0.0)


class Handler(BaseHTTPRequestHandler):
    server: Server

    def log_message(self, *_):
        pass

    def do_GET(self):
        server, wanted = self.server, self.headers["Range"]
        server.asked.append(wanted)
        fault = server.faults.pop(0) if server.faults else None
        if isinstance(fault, int):
            self.send_error(fault)
            return
        start = int(wanted[6:-1]) if wanted and server.ranges else 0
        if start >= len(WHOLE):
            self.send_error(416)
            return
        self.send_response(206 if wanted and server.ranges else 200)
        self.send_header("Content-Length", str(len(WHOLE) - start))
        self.end_headers()
        self.wfile.write(WHOLE[start : start + 1_000_000] if fault == "break" else WHOLE[start:])


@pytest.fixture
def server():
    with Server() as serving:
        thread = threading.Thread(target=serving.serve_forever, args=(0.01,))
        thread.start()
        yield serving
        serving.shutdown()
        thread.join()


def quiet(have, total):
    pass


def error(*arguments):
    with pytest.raises(DataError) as caught:
        fetch(*arguments)
    text = str(caught.value)
    assert "\n" not in text and f"by hand: download {arguments[0].url}, put it at" in text
    return text


def test_download_check_and_unpack(server, tmp_path):
    reports = []
    files = fetch(server.archive, tmp_path / "a" / "b", lambda *report: reports.append(report))
    assert [file.name for file in files] == [name.removeprefix("gzip/") for name in FILES]
    assert [file.read_bytes() for file in files] == list(FILES.values())
    assert reports[-1] == (len(WHOLE), len(WHOLE)) and len(reports) > 5
    assert fetch(server.archive, tmp_path / "a" / "b", quiet) == files and server.asked == [None]
    assert {file.name for file in (tmp_path / "a" / "b").iterdir()} == {"gzip.zip", *(f.name for f in files)}


def test_a_broken_connection_is_taken_up_where_it_broke(server, tmp_path):
    server.faults = ["break", 503, "break"]
    assert len(fetch(server.archive, tmp_path, quiet)) == 2
    assert server.asked == [None, "bytes=1000000-", "bytes=1000000-", "bytes=2000000-"]


def test_a_server_that_cannot_resume(server, tmp_path):
    server.ranges, server.faults = False, ["break"]
    assert len(fetch(server.archive, tmp_path, quiet)) == 2 and len(server.asked) == 2


def test_a_connection_that_keeps_breaking_leaves_what_came(server, tmp_path):
    server.faults = [503] * 4 + ["break"]
    assert "5 attempts failed, the last because: the connection ended early" in error(
        server.archive, tmp_path, quiet
    )
    assert (tmp_path / "gzip.zip.part").stat().st_size == 1_000_000
    assert len(fetch(server.archive, tmp_path, quiet)) == 2
    assert server.asked[-1] == "bytes=1000000-"


def test_nobody_there_or_nothing_there(server, tmp_path):
    server.faults = [404]
    assert "the server says 404" in error(server.archive, tmp_path, quiet)
    assert len(server.asked) == 1
    server.shutdown()
    server.server_close()
    assert "refused" in error(server.archive, tmp_path, quiet)


def test_a_wrong_checksum(server, tmp_path):
    wrong = Archive(server.archive.url, "0" * 32, 0.0)
    text = error(wrong, tmp_path, quiet)
    assert server.archive.md5 in text and "0" * 32 in text and not list(tmp_path.iterdir())
    (tmp_path / "gzip.zip.part").write_bytes(b"x" * len(WHOLE))
    assert "MD5" in error(server.archive, tmp_path, quiet)
    assert len(fetch(server.archive, tmp_path, quiet)) == 2


def test_an_archive_put_there_by_hand(server, tmp_path):
    (tmp_path / "gzip.zip").write_bytes(WHOLE)
    assert len(fetch(server.archive, tmp_path, quiet)) == 2 and not server.asked
    (tmp_path / "gzip.zip").write_bytes(b"something else")
    archive = Archive(server.archive.url, hashlib.md5(b"something else").hexdigest())
    assert "not a readable zip" in error(archive, tmp_path, quiet)


def test_no_space(server, tmp_path, monkeypatch):
    usage = namedtuple("usage", "free")
    monkeypatch.setattr(nn.data.fetch, "disk_usage", lambda path: usage(1_000_000))
    text = error(server.archive, tmp_path, quiet)
    assert f"{tmp_path}: no space left" in text and len(server.asked) == 1
    monkeypatch.undo()

    def full(have, total):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    assert "no space left" in error(server.archive, tmp_path, full)
    assert (tmp_path / "gzip.zip.part").is_file() and len(server.asked) == 2
    assert len(fetch(server.archive, tmp_path, quiet)) == 2 and len(server.asked) == 3


def test_the_command(server, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(nn.commands.data, "Archive", lambda: server.archive)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    for name, code in (("emnist", 0), ("omniglot", 3)):
        with pytest.raises(SystemExit) as caught:
            main(["data", "fetch", name])
        assert (caught.value.code or 0) == code
    out, err = capsys.readouterr()
    assert out == f"{cache_folder() / 'emnist-letters'}\n" and "omniglot: cannot be fetched" in err


def test_the_archive_is_the_official_one():
    assert Archive() == Archive(URL, MD5) and URL.endswith("/EMNIST/gzip.zip") and len(MD5) == 32
