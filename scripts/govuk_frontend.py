#!/usr/bin/env python3
"""Fetch govuk-frontend from npm and write the copy the portal ships: no font, no crest, no source map."""

import hashlib
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

VERSION = "6.3.0"
TARBALL_SHA512 = (
    "717210c66e4f1c2b1b89ce3b19766b54166101e7ac8532d12fa6412a294bb11e"
    "ab3028c9b966fb16bbaad1550d30124594993fb2bb118ffabc7796ccf5c80aa0"
)
TARGET = Path(__file__).parent.parent / "src/espace_citoyen/web/static/vendor/govuk-frontend"
FONTS = "var(--town-font,arial,sans-serif)"
LICENCE = """\
The MIT License (MIT)

Copyright (C) 2017 Crown Copyright (Government Digital Service)

Permission is hereby granted, free of charge, to any person obtaining a copy of
this software and associated documentation files (the "Software"), to deal in
the Software without restriction, including without limitation the rights to
use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies
of the Software, and to permit persons to whom the Software is furnished to do
so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.
"""


def fetch(folder: Path) -> Path:
    """Return the unpacked package; exit when its digest is not the expected one."""
    command = ["npm", "pack", "--silent", f"govuk-frontend@{VERSION}"]
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    tarball = folder / f"govuk-frontend-{VERSION}.tgz"
    if hashlib.sha512(tarball.read_bytes()).hexdigest() != TARBALL_SHA512:
        sys.exit(f"{tarball.name} is not the package this script knows")
    with tarfile.open(tarball) as archive:
        archive.extractall(folder, filter="data")
    return folder / "package/dist/govuk"


def stripped_css(text: str) -> str:
    """Take away the reserved font (rules, notice, family name), the crest and the source map."""
    text = re.sub(r"@font-face\{[^}]*\}", "", text)
    text = re.sub(r"/\*! Copyright \(c\) 2011 by Margaret Calvert[^*]*\*/", "", text)
    text = text.replace("GDS Transport,arial,sans-serif", FONTS)
    text = re.sub(r"[a-z-]+:url\(/assets/images/govuk-crest\.svg\);", "", text)
    text = re.sub(r"/\*# sourceMappingURL=[^*]*\*/", "", text).strip() + "\n"
    leftover = re.search(r"url\(|GDS Transport|sourceMapping", text)
    return text if leftover is None else sys.exit(f"left in the style sheet: {leftover.group()}")


def stripped_js(text: str) -> str:
    """Take away the source map."""
    return re.sub(r"//# sourceMappingURL=.*", "", text).strip() + "\n"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        package = fetch(Path(folder))
        css = stripped_css((package / "govuk-frontend.min.css").read_text())
        script = stripped_js((package / "govuk-frontend.min.js").read_text())
    files = {
        f"css/govuk-frontend-{VERSION}.min.css": css,
        f"js/govuk-frontend-{VERSION}.min.js": script,
        "LICENCE": LICENCE,
    }
    sums = []
    for name, text in files.items():
        path = TARGET / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        sums.append(f"{hashlib.sha256(text.encode()).hexdigest()}  {name}\n")
    (TARGET / "SHA256SUMS").write_text("".join(sums))
    print(f"govuk-frontend {VERSION}: {len(files)} files in {TARGET.name}")


if __name__ == "__main__":
    main()
