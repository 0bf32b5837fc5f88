"""Small pictures of images, drawn by a process of their own that has little memory and time."""

import asyncio
import io
import logging
import resource
import subprocess
import sys

from PIL import Image, ImageOps

EDGE = 320
MEDIA_TYPE = "image/webp"
SECONDS = 20
MEMORY = 2**30
MOST_PIXELS = 50_000_000
log = logging.getLogger(__name__)


async def draw(image: bytes) -> bytes | None:
    """A WebP of at most 320 pixels each way; none when the image cannot be drawn within the limits."""
    command = [sys.executable, "-m", __name__]
    try:
        done = await asyncio.to_thread(
            subprocess.run, command, input=image, capture_output=True, timeout=2 * SECONDS, check=True
        )
    except subprocess.SubprocessError as error:
        log.info("An image cannot be drawn: %s", error)
        return None
    return bytes(done.stdout)


def main() -> None:
    """Read an image and write its small picture, upright and without what else the file told."""
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    with Image.open(io.BytesIO(sys.stdin.buffer.read()), formats=["PNG", "JPEG", "GIF", "WEBP"]) as image:
        image.draft("RGB", (EDGE * 2, EDGE * 2))
        picture = ImageOps.exif_transpose(image.convert("RGBA" if image.has_transparency_data else "RGB"))
    picture.thumbnail((EDGE, EDGE))
    picture.save(sys.stdout.buffer, "WEBP", exif=b"", xmp=b"", icc_profile=None)


if __name__ == "__main__":
    main()
