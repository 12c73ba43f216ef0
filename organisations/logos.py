"""Logos: what was uploaded is looked at, drawn anew, and thrown away.

Nobody ever gets the file that somebody sent: it may be a program for a badly written reader, carry
the place where a photograph was taken, or claim a size that no memory holds.
"""

import io
import threading
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from accounts.models import User
from organisations.models import Logo, Organisation

MOST_BYTES: Final = 2 * 1024 * 1024
MOST_PIXELS: Final = {"JPEG": 25_000_000, "PNG": 6_000_000, "WEBP": 6_000_000}
"""A JPEG is decoded small; of the others every pixel takes its place in memory."""

SIDE: Final = 400
FORMATS: Final = ("PNG", "JPEG", "WEBP")

_one_at_a_time = threading.Semaphore()


@dataclass(frozen=True)
class Drawn:
    """A PNG of at most 400 × 400 pixels that holds nothing but pixels."""

    png: bytes
    width: int
    height: int

    @property
    def digest(self) -> str:
        return sha256(self.png).hexdigest()


def draw(data: bytes) -> Drawn:
    """Draw an image anew. The content says what it is, whatever its name.

    Raises ValidationError unless it is a PNG or WebP of at most 6 megapixels or a JPEG of at most
    25, and at most 2 MB; of an animated one the first frame is drawn.
    """
    if len(data) > MOST_BYTES:
        raise ValidationError(too_large(), code="logo_bytes")
    start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<svg", b"<?xml", b"<!doctype svg")) or b"<svg" in start:
        raise ValidationError(
            _("An SVG file can hold programs. Save the logo as PNG, JPEG or WebP."),
            code="logo_svg",
        )
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            # read from the header: nothing is decoded yet
            if image.width * image.height > MOST_PIXELS[image.format or "PNG"]:
                raise ValidationError(_too_many_pixels(), code="logo_pixels")
            with _one_at_a_time:
                return _redrawn(image)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise ValidationError(_too_many_pixels(), code="logo_pixels") from error
    except UnidentifiedImageError as error:
        raise ValidationError(
            _("This is no image that we can read. Send a PNG, JPEG or WebP."), code="logo_format"
        ) from error
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise ValidationError(
            _("The image is damaged. Save it again, then send it."), code="logo_damaged"
        ) from error


def _redrawn(image: Image.Image) -> Drawn:
    image.draft("RGB", (2 * SIDE, 2 * SIDE))  # a large JPEG is decoded small; others ignore it
    image.load()
    has_alpha = image.has_transparency_data
    if image.mode in ("RGB", "RGBA"):
        image.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
    upright = ImageOps.exif_transpose(image).convert("RGBA" if has_alpha else "RGB")
    upright.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
    # pixels alone: no profile, no comment, no place
    plain = Image.frombytes(upright.mode, upright.size, upright.tobytes())
    out = io.BytesIO()
    plain.save(out, "PNG", optimize=True)
    return Drawn(out.getvalue(), plain.width, plain.height)


def too_large() -> str:
    return _("The file is larger than 2 MB. Send a smaller one.")


def _too_many_pixels() -> str:
    return _("The image has more than 6 million pixels (a JPEG: 25). Send a smaller one.")


def put(*, organisation: Organisation, data: bytes, by: User) -> Logo:
    """Give the organisation a logo, in place of the one before. Raises PermissionDenied, and
    ValidationError as `draw` does."""
    _check_editable(organisation, by)
    drawn = draw(data)
    with transaction.atomic():
        Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
        _check_editable(organisation, by)
        logo, _new = Logo.objects.update_or_create(
            organisation=organisation,
            defaults={
                "png": drawn.png,
                "digest": drawn.digest,
                "width": drawn.width,
                "height": drawn.height,
            },
        )
    return logo


@transaction.atomic
def remove(*, organisation: Organisation, by: User) -> None:
    """Take the logo away. Without one, nothing happens."""
    _check_editable(organisation, by)
    Logo.objects.filter(organisation=organisation).delete()


def _check_editable(organisation: Organisation, by: User) -> None:
    if not Organisation.objects.editable_by(by).filter(pk=organisation.pk).exists():
        raise PermissionDenied(_("Only owners and editors change the logo."))
