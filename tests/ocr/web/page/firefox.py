"""Firefox, as it is driven by its own protocol: Marionette, which needs no other program."""

from __future__ import annotations

import json
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
"""The key of a reference to an element, in every version of WebDriver."""
CONTROL = "\ue009"
SECONDS = 60.0
PREFERENCES = {
    "marionette.port": 0,
    "browser.newtab.preload": False,  # neither a page nor a process that no test looks at
    "browser.startup.page": 0,
    "dom.ipc.processPrelaunch.enabled": False,
    "browser.download.folderList": 2,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "ui.prefersReducedMotion": 1,
}


class ReplacedError(Exception):
    """The page has replaced an element meanwhile."""


class Firefox:
    """A window of Firefox, and the folder to which it downloads."""

    def __init__(self, connection: socket.socket, downloads: Path) -> None:
        self.connection, self.downloads, self.count = connection, downloads, 0
        self._receive()  # it says what it is
        self.send("WebDriver:NewSession")
        self.send("WebDriver:SetWindowRect", width=1200, height=900)

    def send(self, command: str, **parameters: Any) -> Any:
        """Send a command of WebDriver, and return what it gives."""
        self.count += 1
        message = json.dumps([0, self.count, command, parameters]).encode()
        self.connection.sendall(b"%d:%s" % (len(message), message))
        _, number, error, result = self._receive()
        if error and error["error"] == "stale element reference":
            raise ReplacedError(command)
        assert number == self.count and error is None, f"{command} {parameters}: {error}"
        return result.get("value", result) if isinstance(result, dict) else result

    def open(self, url: str) -> None:
        self.send("WebDriver:Navigate", url=url)

    def run(self, script: str, *given: Any) -> Any:
        """Run the body of a function on the page, and return what it returns."""
        return self.send("WebDriver:ExecuteScript", script=script, args=given)

    def wait(self, script: str, *given: Any) -> Any:
        """Wait until a function on the page returns something."""
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            with suppress(ReplacedError):
                if found := self.run(script, *given):
                    return found
            time.sleep(0.1)
        raise AssertionError(f"waited in vain: {script}")

    def wait_for(self, selector: str) -> str:
        """Wait until an element is shown, and return its id."""
        found = "const one = document.querySelector(arguments[0]); return one?.checkVisibility() ? one : null"
        return str(self.wait(found, selector)[ELEMENT])

    def click(self, selector: str) -> None:
        """Click an element once the page does not replace it any more."""
        found, before = self.wait_for(selector), ""
        while found != before:
            time.sleep(0.3)
            before, found = found, self.wait_for(selector)
        self.send("WebDriver:ElementClick", id=found)

    def upload(self, selector: str, path: Path) -> None:
        [id] = self.send("WebDriver:FindElement", using="css selector", value=selector).values()
        self.send("WebDriver:ElementSendKeys", id=id, text=str(path))

    def press(self, *keys: str) -> None:
        """Press keys together, where the keyboard is."""
        down = [{"type": "keyDown", "value": key} for key in keys]
        up = [{"type": "keyUp", "value": key} for key in reversed(keys)]
        self._act({"type": "key", "id": "keyboard", "actions": [*down, *up]})

    def draw(self, points: list[tuple[float, float]]) -> None:
        """Draw a stroke with the mouse."""
        moves = [{"type": "pointerMove", "x": round(x), "y": round(y), "duration": 20} for x, y in points]
        steps = [
            moves[0],
            {"type": "pointerDown", "button": 0},
            *moves[1:],
            {"type": "pointerUp", "button": 0},
        ]
        self._act({"type": "pointer", "id": "mouse", "actions": steps})

    def _act(self, source: dict[str, Any]) -> None:
        self.send("WebDriver:PerformActions", actions=[source])

    def _receive(self) -> Any:
        length = b""
        while (byte := self._bytes(1)) != b":":
            length += byte
        return json.loads(self._bytes(int(length)))

    def _bytes(self, count: int) -> bytes:
        content = b""
        while len(content) < count:
            more = self.connection.recv(count - len(content))
            assert more, "Firefox is gone"
            content += more
        return content


@contextmanager
def firefox(program: str, folder: Path) -> Iterator[Firefox]:
    """Start Firefox without a screen, with a profile of its own in a folder."""
    profile, downloads = folder / "profile", folder / "downloads"
    profile.mkdir()
    downloads.mkdir()
    preferences = {**PREFERENCES, "browser.download.dir": str(downloads)}
    lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in preferences.items()]
    (profile / "user.js").write_text("\n".join(lines))
    command = [program, "--headless", "--marionette", "--no-remote", "--profile", str(profile)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        with socket.create_connection(("127.0.0.1", _port(profile, process)), timeout=SECONDS) as connection:
            yield Firefox(connection, downloads)
    finally:
        process.terminate()
        process.wait(timeout=SECONDS)


def _port(profile: Path, process: subprocess.Popen[bytes]) -> int:
    """Wait until Firefox says at which port it listens."""
    end, file = time.monotonic() + SECONDS, profile / "MarionetteActivePort"
    while not (file.exists() and file.read_text()):
        assert process.poll() is None and time.monotonic() < end, "Firefox does not start"
        time.sleep(0.1)
    return int(file.read_text())
