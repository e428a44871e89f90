"""Scripts and styles of the page, joined to a few files, so that the page loads in a few requests."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

STYLES = ("base", "controls", "letter", "draw", "read", "teach", "network", "lab", "api")
"""Style sheets in the order in which they apply."""
FIRST, OPEN, ALONE = "main.js", "draw_view.js", "theme.js"
"""The module that runs first, that of the view which is open at first, and the script that is loaded by
itself, before anything is shown."""
FIRST_SCRIPT = "/static/page.js"
MORE = "/static/more/"
"""Where the modules are that are not loaded at first: each with all that it needs beyond those."""
COMMENT = re.compile(r"/\*[\s*].*?\*/\n?|^ *//[^\n]*\n", re.S | re.M)
IMPORT = re.compile(r'^import (?:\* as (\w+)|\{([^}]*)\}) from "\./([^"]+)";$', re.M)
DYNAMIC_IMPORT = re.compile(r'\bimport\("\./([^"]+)"\)')
EXPORT = re.compile(r"^export (?=(?:(?:async )?function|class|const) (\w+))", re.M)
LEFT = re.compile(r"^(?:import|export)\b.*|\bimport(?:\(|\.).*", re.M)
RUNTIME = f"""\
const $exports = {{}};
const $module = (name) => ($exports[name] ??= $modules[name]());
const $load = async (name) => {{
if (!(name in $modules)) (await import("{MORE}" + name)).add($modules, $module, $load);
return $module(name);
}};
"""


@dataclass(frozen=True)
class Bundle:
    """A file that was joined, as it is sent.

    Parameters
    ----------
    content : str
        What is in it.
    media_type : str
        Its media type.
    """

    content: str
    media_type: str
    tag: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "tag", f'"{sha256(self.content.encode()).hexdigest()[:16]}"')

    async def answer(self, request: Request) -> Response:
        """Send it, or say that it is as the browser has it."""
        headers = {"ETag": self.tag}
        if self.tag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        return Response(self.content, media_type=self.media_type, headers=headers)


def scripts_in(folder: Path) -> dict[str, Bundle]:
    """Return the modules of a folder as scripts by their addresses.

    The first is what the first view needs. Of each module that is loaded later there is another, with what
    the module needs beyond those that load it. What several scripts hold runs once.
    """
    sources = {
        path.name: COMMENT.sub("", path.read_text("utf-8"))
        for path in sorted(folder.glob("*.js"))
        if path.name != ALONE
    }
    imports = {name: {found for *_, found in IMPORT.findall(text)} for name, text in sources.items()}
    wanted_later = {name: set(DYNAMIC_IMPORT.findall(text)) for name, text in sources.items()}
    first = _needed(imports, {FIRST, OPEN})
    there: dict[str, set[str]] = {}
    waiting = [(name, first) for name in _others(wanted_later, first)]
    while waiting:
        start, known = waiting.pop()
        known = known & there.get(start, known)
        if there.get(start) != known:
            there[start] = known
            parts = known | _needed(imports, {start})
            waiting += [(name, parts) for name in _others(wanted_later, parts)]
    scripts = {FIRST_SCRIPT: joined({name: sources[name] for name in sorted(first)})}
    for start, known in there.items():
        parts = _needed(imports, {start}) - known
        scripts[f"{MORE}{start}"] = added({name: sources[name] for name in sorted(parts)})
    return {path: Bundle(script, "text/javascript") for path, script in scripts.items()}


def _needed(imports: Mapping[str, set[str]], start: set[str]) -> set[str]:
    """Return the names of some modules, and of all that they import at once, directly or not."""
    known, new = set[str](), start
    while new:
        known |= new
        new = {name for one in new for name in imports[one]} - known
    return known


def _others(imports: Mapping[str, set[str]], modules: set[str]) -> list[str]:
    """Return the names of other modules that some import."""
    return sorted({name for one in modules for name in imports[one]} - modules)


def styles_in(folder: Path) -> Bundle:
    """Return the style sheets of a folder as one."""
    sheets = (COMMENT.sub("", (folder / f"{name}.css").read_text("utf-8")) for name in STYLES)
    return Bundle("".join(sheets), "text/css")


def joined(sources: Mapping[str, str]) -> str:
    """Return ES modules as one module.

    Each becomes a function that runs when its exports are first wanted, and once. Such modules import by
    name or as a whole, export functions, classes and constants, and do not import one another in a circle.

    Raises
    ------
    ValueError
        For a module that imports or exports in another way.

    Examples
    --------
    >>> print(joined({"main.js": 'import { b } from "./b.js";\\nb();', "b.js": "export const b = () => 1;"}))
    const $exports = {};
    const $module = (name) => ($exports[name] ??= $modules[name]());
    const $load = async (name) => {
    if (!(name in $modules)) (await import("/static/more/" + name)).add($modules, $module, $load);
    return $module(name);
    };
    const $modules = {
    "main.js"() {
    const { b } = $module("b.js");
    b();
    return {  };
    },
    "b.js"() {
    const b = () => 1;
    return { b };
    },
    };
    $module("main.js");
    <BLANKLINE>
    """
    return f'{RUNTIME}const $modules = {{\n{_functions(sources)}}};\n$module("{FIRST}");\n'


def added(sources: Mapping[str, str]) -> str:
    """Return ES modules as one module that adds them to those that are joined already."""
    functions = _functions(sources)
    return f"export const add = ($modules, $module, $load) => Object.assign($modules, {{\n{functions}}});\n"


def _functions(sources: Mapping[str, str]) -> str:
    return "".join(f'"{name}"() {{\n{_body(name, text)}}},\n' for name, text in sources.items())


def _body(name: str, text: str) -> str:
    """Return a module as the body of a function that returns what it exports."""
    text = COMMENT.sub("", text)
    exports = ", ".join(EXPORT.findall(text))
    text = DYNAMIC_IMPORT.sub(r'$load("\1")', EXPORT.sub("", IMPORT.sub(_constants, text)))
    if left := LEFT.search(text):
        raise ValueError(f"{name} cannot be joined with other modules: {left.group()}")
    return f"{text.strip()}\nreturn {{ {exports} }};\n"


def _constants(found: re.Match[str]) -> str:
    """Return an import as constants."""
    whole, names, source = found.groups()
    return f'const {whole or "{" + names.replace(" as ", ": ") + "}"} = $module("{source}");'
