"""What a file is by its bytes, whatever it calls itself; what could do something by itself is refused."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import BinaryIO

from PIL import Image, UnidentifiedImageError

from domain import office_files
from domain.errors import FileRefused
from models.attachments import FileType

MOST_PIXELS = 50_000_000
PDF_TAIL = 1_024
MEDIA_TYPES: Mapping[FileType, str] = MappingProxyType(
    {
        FileType.PNG: "image/png",
        FileType.JPEG: "image/jpeg",
        FileType.GIF: "image/gif",
        FileType.WEBP: "image/webp",
        FileType.PDF: "application/pdf",
        FileType.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        FileType.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        FileType.PPTX: "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    }
)
"""What each is served as; none of them is HTML or script."""
ENDINGS: Mapping[str, FileType] = MappingProxyType({kind.lower(): kind for kind in FileType} | {"jpg": FileType.JPEG})
IMAGES = frozenset({FileType.PNG, FileType.JPEG, FileType.GIF, FileType.WEBP})
LISTED = ", ".join(ENDINGS)
_BROKEN = (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError)
_BOMBS = (Image.DecompressionBombWarning, Image.DecompressionBombError)
_STARTS = MappingProxyType(
    {
        b"\x89PNG\r\n\x1a\n": FileType.PNG,
        b"\xff\xd8\xff": FileType.JPEG,
        b"GIF87a": FileType.GIF,
        b"GIF89a": FileType.GIF,
        b"RIFF": FileType.WEBP,
        b"%PDF-": FileType.PDF,
    }
)


def announced(name: str) -> FileType | None:
    """What a file is by the end of its name."""
    _, dot, ending = name.rpartition(".")
    return ENDINGS.get(ending.lower()) if dot else None


def recognized(file: BinaryIO, name: str) -> FileType:
    """What a file is by its first bytes and by how it is made; its name must say the same."""
    start = file.read(16)
    found = next((kind for sign, kind in _STARTS.items() if start.startswith(sign)), None)
    if found in IMAGES:
        _look_at_image(file, found)
    elif found is FileType.PDF:
        _look_at_pdf(file)
    elif start.startswith(office_files.START):
        found = office_files.recognized(file)
    if found is None:
        raise FileRefused(reason=f"by its content it is none of {LISTED}")
    if announced(name) is not found:
        raise FileRefused(reason=f"its name ends otherwise than that of a {found} file")
    return found


def _look_at_image(file: BinaryIO, kind: FileType) -> None:
    """Read the head and the checksums of an image, and not a single pixel."""
    file.seek(0)
    try:
        with Image.open(file, formats=[kind]) as image:
            if image.width * image.height > MOST_PIXELS:
                raise FileRefused(reason=f"it has more than {MOST_PIXELS} pixels")
            image.verify()
    except (*_BROKEN, *_BOMBS) as error:
        raise FileRefused(reason=f"it is no {kind} image, or a broken one") from error


def _look_at_pdf(file: BinaryIO) -> None:
    """Look for the end of a PDF (ISO 32000-1, section 7.5.5); what is inside is never shown by us."""
    size = file.seek(0, 2)
    file.seek(max(0, size - PDF_TAIL))
    tail = file.read()
    if b"startxref" not in tail or b"%%EOF" not in tail:
        raise FileRefused(reason="it is no PDF, or a broken one")
