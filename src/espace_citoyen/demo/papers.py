"""The papers of the demo: a page of PDF and a picture, drawn here, and the requests they are put into."""

import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from io import BytesIO
from pathlib import Path
from uuid import UUID, uuid4

from espace_citoyen.aggregates.actor import Actor
from espace_citoyen.aggregates.requests import AttachedFile, AttachmentContent
from espace_citoyen.application import Portal
from espace_citoyen.commands.requests import Chosen, add_attachment, attach_files, remove_attachment


@dataclass(frozen=True)
class Paper:
    """An attachment of the demo: who put it there, so many days ago, under what words; its files are drawn."""

    days_ago: float
    who: str
    kind: str
    title: str
    note: str
    files: Sequence[str]
    removed: bool = False


PAPERS = {
    "decided": (
        Paper(
            32, "camille", "Autre document", "Carnet de santé", "Envoyé par erreur.", ("Carnet.pdf",), removed=True
        ),
        Paper(
            31,
            "camille",
            "Justificatif de domicile",
            "Facture d’eau du quai du Lavoir",
            "La facture de septembre, et une photo du compteur.",
            ("Facture d’eau – septembre.pdf", "Compteur.png"),
        ),
        Paper(
            30,
            "samir",
            "Attestation ou certificat",
            "Certificat d’inscription",
            "",
            ("Certificat d’inscription.pdf",),
        ),
    ),
    "waiting": (
        Paper(0.9, "camille", "Pièce d’identité", "Carte nationale d’identité", "", ("Recto.png", "Verso.png")),
    ),
}
"""By the name of the story they belong to."""


@dataclass(frozen=True, kw_only=True)
class Cabinet:
    """Where papers go: the folder of all files, and the people who put them there, as of a day."""

    root: Path
    people: dict[str, Actor]
    today: datetime

    def put(self, portal: Portal, request_id: UUID, paper: Paper) -> None:
        """Put a paper into a request."""
        attach_files(
            portal,
            root=self.root,
            request_id=request_id,
            chosen=[_drawn(name) for name in paper.files],
            deed=partial(self._attach, portal, request_id, paper),
        )

    def _attach(self, portal: Portal, request_id: UUID, paper: Paper, stored: tuple[AttachedFile, ...]) -> int:
        at, actor, attachment_id = self.today - timedelta(days=paper.days_ago), self.people[paper.who], uuid4()
        content = AttachmentContent(kind=paper.kind, title=paper.title, note=paper.note, files=stored)
        position = add_attachment(
            portal, at=at, actor=actor, request_id=request_id, attachment_id=attachment_id, content=content
        )
        if paper.removed:
            later = at + timedelta(hours=1)
            position = remove_attachment(
                portal, at=later, actor=actor, request_id=request_id, attachment_id=attachment_id
            )
        return position


def _drawn(name: str) -> Chosen:
    is_pdf = name.endswith(".pdf")
    drawing = page(name.removesuffix(".pdf")) if is_pdf else picture(320, 200)
    return Chosen(name=name, media_type="application/pdf" if is_pdf else "image/png", source=BytesIO(drawing))


def page(title: str) -> bytes:
    """Return a PDF of one page with a title and one line."""
    words = [title, "Document inventé pour la démonstration."]
    drawn = [
        b"BT /F1 %d Tf 60 %d Td (%s) Tj ET" % (size, y, text.encode("cp1252", "replace"))
        for text, size, y in zip(words, (20, 12), (760, 730), strict=True)
    ]
    content = b"\n".join(drawn)
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /Lang (fr) >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R"
        b" /Resources << /Font << /F1 4 0 R >> >> >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
    ]
    written, places = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, start=1):
        places.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    ending = b"trailer << /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % len(written)
    return written + b"xref\n0 6\n0000000000 65535 f \n" + table + ending


def picture(width: int, height: int) -> bytes:
    """Return a PNG: a slope from slate to sand, the colours of the town."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(
        b"\0" + bytes(part for x in range(width) for part in _colour((x + y) / (width + height)))
        for y in range(height)
    )
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def _colour(along: float) -> tuple[int, int, int]:
    slate, sand = (31, 58, 84), (241, 232, 216)
    red, green, blue = (round(one + (other - one) * along) for one, other in zip(slate, sand, strict=True))
    return red, green, blue
