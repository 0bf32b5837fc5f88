"""Files to attach, harmless and hostile, made from scratch."""

import io
import struct
import zipfile
import zlib

from PIL import Image

SCRIPT = b"<!doctype html><html><script>alert(document.domain)</script></html>"
TYPES = "[Content_Types].xml"
KINDS = {
    "docx": ("word/document.xml", "wordprocessingml.document"),
    "xlsx": ("xl/workbook.xml", "spreadsheetml.sheet"),
    "pptx": ("ppt/presentation.xml", "presentationml.presentation"),
}
MAIN = "application/vnd.openxmlformats-officedocument.{}.main+xml"
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
CONTENT_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"


def image(kind="PNG", size=(8, 6), color="red", **more):
    made = io.BytesIO()
    Image.new("RGB", size, color).save(made, kind, **more)
    return made.getvalue()


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(width=1, height=1, *extra, data=b"\0\0\0\0"):
    """A PNG of one's own making, with chunks of one's own."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(extra) + chunk(b"IDAT", zlib.compress(data)) + chunk(b"IEND", b"")


def pdf(catalog=b"", before=b"", after=b""):
    body = b"1 0 obj\n<</Type /Catalog /Pages 2 0 R " + catalog + b">>\nendobj\n"
    body += b"2 0 obj\n<</Type /Pages /Kids [] /Count 0>>\nendobj\n"
    end = b"trailer\n<</Root 1 0 R /Size 3>>\nstartxref\n9\n%%EOF\n"
    return before + b"%PDF-1.7\n" + body + end + after


def office(kind="docx", *, main=None, types="", parts=(), relations=(), declaration="", entry=None):
    """An office document: `relations` are (type, target, mode), `parts` are (name, bytes)."""
    part, word = KINDS[kind]
    override = f'<Override PartName="/{part}" ContentType="{main or MAIN.format(word)}"/>'
    listed = f'{declaration}<Types xmlns="{CONTENT_TYPES}">{override}{types}</Types>'
    led = "".join(
        f'<Relationship Id="r{n}" Type="{RELATION}{type_}" Target="{target}" TargetMode="{mode}"/>'
        for n, (type_, target, mode) in enumerate(relations)
    )
    folder = part.split("/", maxsplit=1)[0]
    name = part.rsplit("/", maxsplit=1)[1]
    made = [(TYPES, listed.encode()), (part, b"<x/>"), *parts]
    if relations:
        made.append((f"{folder}/_rels/{name}.rels", f'<Relationships xmlns="x">{led}</Relationships>'.encode()))
    return packed(made, entry)


def packed(parts, entry=None):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts:
            package.writestr(name, content)
        if entry:
            entry(package)
    return made.getvalue()


HARMLESS = {
    "photo.png": image(),
    "photo.jpg": image("JPEG"),
    "photo.jpeg": image("JPEG"),
    "photo.gif": image("GIF"),
    "photo.webp": image("WEBP"),
    "offer.pdf": pdf(),
    "offer.docx": office("docx", relations=[("hyperlink", "https://x.example", "External")]),
    "offer.xlsx": office("xlsx", parts=[("xl/printerSettings/printerSettings1.bin", b"x")]),
    "offer.pptx": office("pptx", parts=[("ppt/media/image1.png", image())]),
}
