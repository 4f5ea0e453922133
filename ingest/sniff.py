"""What a file is, by its first bytes; its name is never trusted."""

from __future__ import annotations

_MAGIC = (
    (b"II*\0", "tiff"),
    (b"MM\0*", "tiff"),
    (b"II+\0", "tiff"),
    (b"MM\0+", "tiff"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
)
_EXTENSIONS = {"pdf": "pdf", "tiff": "tif", "jpeg": "jpg", "png": "png", None: "bin"}


def kind_of(head: bytes) -> str | None:
    """`pdf`, `tiff`, `jpeg`, `png` or None. A PDF may begin a little later than the file."""
    if b"%PDF-" in head[:1024]:
        return "pdf"
    return next((kind for magic, kind in _MAGIC if head.startswith(magic)), None)


def extension_of(data: bytes) -> str:
    """The extension under which a document is kept; `bin` for what is none of the four."""
    return _EXTENSIONS[kind_of(data)]
