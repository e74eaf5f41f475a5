"""What a file is, told by its first bytes alone: neither its name nor what the sender says of it counts."""

from types import MappingProxyType

HEAD_BYTES = 16
"""As much of a file's beginning as `nature` looks at."""
_BEGINNINGS = (
    (b"%PDF-", "application/pdf"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
)
EXTENSIONS = MappingProxyType(
    {
        "application/pdf": (".pdf",),
        "image/jpeg": (".jpg", ".jpeg"),
        "image/png": (".png",),
    }
)
"""How the name of a file of each nature may end; the first one is given to a name that ends otherwise."""
SHOWN = frozenset(EXTENSIONS)
"""The natures that a browser may show by itself."""


def nature(head: bytes) -> str | None:
    """Return the media type of a file that begins so, None when it is none that is accepted."""
    return next((media_type for beginning, media_type in _BEGINNINGS if head.startswith(beginning)), None)
