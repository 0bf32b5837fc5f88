"""Office documents: packages of parts (ISO/IEC 29500-2) that carry no program and fetch nothing from elsewhere."""

import zlib
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import BinaryIO
from xml.etree.ElementTree import Element, ParseError
from zipfile import BadZipFile, ZipFile, ZipInfo

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from domain.errors import FileRefused
from models.attachments import FileType

START = b"PK\x03\x04"
MOST_PARTS = 5_000
MOST_BYTES = 200_000_000
LARGEST_XML = 5_000_000
CHUNK = 1_048_576
ENCRYPTED = 0x1
TYPES = "[Content_Types].xml"
_MAIN = "application/vnd.openxmlformats-officedocument.{}.main+xml"
MAIN: Mapping[str, FileType] = MappingProxyType(
    {
        _MAIN.format("wordprocessingml.document"): FileType.DOCX,
        _MAIN.format("spreadsheetml.sheet"): FileType.XLSX,
        _MAIN.format("presentationml.presentation"): FileType.PPTX,
    }
)
PROGRAMS = ("macroenabled", "vbaproject", "activex", "oleobject", "vnd.ms-office.vba", "x-msdownload")
PROGRAM_PARTS = (".bin", ".exe", ".dll", ".js", ".vbs", ".hta", ".swf")
"""Endings of parts; printer settings end in .bin too and are let pass by their place."""
PRINTER = "printersettings/"


def recognized(file: BinaryIO) -> FileType | None:
    """What document it is, if it is one; refuses one that is broken, too large, or does something by itself."""
    try:
        with ZipFile(file) as package:
            parts = package.infolist()
            _bounded(parts)
            for part in parts:
                _unpacked(package, part)
            return _kind(package)
    except (BadZipFile, ParseError, DefusedXmlException, zlib.error, EOFError, OSError, ValueError) as error:
        raise FileRefused(reason="it is no office document, or a broken one") from error
    except (NotImplementedError, RuntimeError) as error:
        raise FileRefused(reason="it is packed in a way that is not known") from error


def _bounded(parts: list[ZipInfo]) -> None:
    names = [part.filename.lower() for part in parts]
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_BYTES:
        raise FileRefused(reason=f"unpacked it has more than {MOST_PARTS} parts or {MOST_BYTES} bytes")
    if len(set(names)) < len(names) or any(_strays(name) for name in names):
        raise FileRefused(reason="its parts have names that lead elsewhere, or the same name twice")
    if any(part.flag_bits & ENCRYPTED for part in parts):
        raise FileRefused(reason="it is locked by a password")
    if any(name.endswith(PROGRAM_PARTS) and PRINTER not in name for name in names):
        raise FileRefused(reason="it carries a program")


def _strays(name: str) -> bool:
    return name.startswith("/") or "\\" in name or ":" in name or ".." in name.split("/")


def _unpacked(package: ZipFile, part: ZipInfo) -> None:
    """Unpack a part to nowhere: one that is larger than it says does not have the checksum that it says."""
    with package.open(part) as content:
        while content.read(CHUNK):
            pass


def _kind(package: ZipFile) -> FileType | None:
    if TYPES not in package.namelist():
        return None
    types = [each.get("ContentType", "") for each in _xml(package, TYPES)]
    if any(word in each.lower() for each in types for word in PROGRAMS):
        raise FileRefused(reason="it carries a program")
    if any(_fetches(each) for each in _relations(package)):
        raise FileRefused(reason="it fetches something from elsewhere when it is opened")
    return next((MAIN[each] for each in types if each in MAIN), None)


def _relations(package: ZipFile) -> Iterator[Element]:
    for name in package.namelist():
        if name.lower().endswith(".rels"):
            yield from _xml(package, name)


def _fetches(relation: Element) -> bool:
    """Whether it leads out of the document by itself; a link waits until somebody clicks it."""
    outside = relation.get("TargetMode", "").lower() == "external"
    return outside and not relation.get("Type", "").endswith("/hyperlink")


def _xml(package: ZipFile, name: str) -> Element:
    if package.getinfo(name).file_size > LARGEST_XML:
        raise FileRefused(reason="its list of parts is too large")
    root: Element = fromstring(package.read(name), forbid_dtd=True)
    return root
