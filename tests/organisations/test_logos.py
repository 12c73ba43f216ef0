"""Logos: drawn anew from what was sent, whatever it claims to be."""

import io
import struct
import zlib

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from PIL import Image, PngImagePlugin

from organisations import logos
from organisations.logos import draw
from organisations.models import Logo
from tests.factories import UserFactory


def image(kind="PNG", size=(60, 30), mode="RGB", color="red", **options):
    out = io.BytesIO()
    Image.new(mode, size, color).save(out, kind, **options)
    return out.getvalue()


def png_that_says(width, height):
    """A PNG whose header alone is large."""

    def chunk(name, data):
        body = name + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\0" * 1000)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    )


def opened(drawn):
    picture = Image.open(io.BytesIO(drawn.png))
    picture.load()
    return picture


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize(
    ("size", "drawn_size"),
    [((60, 30), (60, 30)), ((1600, 800), (400, 200)), ((10, 2000), (2, 400)), ((1, 1), (1, 1))],
)
def test_what_is_sent_is_drawn_small(kind, size, drawn_size):
    drawn = draw(image(kind, size))
    assert (drawn.width, drawn.height) == drawn_size
    assert opened(drawn).format == "PNG"
    assert opened(drawn).size == drawn_size


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "L", "1", "I;16", "CMYK"])
def test_every_kind_of_pixel_is_drawn(mode):
    kind = "JPEG" if mode == "CMYK" else "PNG"
    colour = 0 if mode in ("P", "L", "1", "I;16") else None
    picture = Image.new(mode, (20, 20), colour or 0)
    out = io.BytesIO()
    picture.save(out, kind)
    assert opened(draw(out.getvalue())).mode in ("RGB", "RGBA")


def test_transparency_stays():
    drawn = opened(draw(image(mode="RGBA", color=(255, 0, 0, 0))))
    assert drawn.getpixel((0, 0))[3] == 0


def test_nothing_but_pixels_is_kept():
    said = PngImagePlugin.PngInfo()
    said.add_text("Comment", "secret place")
    exif = Image.Exif()
    exif[0x010E] = "secret camera"
    data = image(pnginfo=said, exif=exif, icc_profile=b"secret profile", dpi=(72, 72))
    assert b"secret" in data
    drawn = draw(data)
    assert b"secret" not in drawn.png
    assert opened(drawn).info == {}
    jpeg = image("JPEG", exif=exif, comment=b"secret comment")
    assert b"secret" not in draw(jpeg).png


def test_a_photograph_is_turned_upright():
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    assert (draw(image("JPEG", (60, 30), exif=exif)).width) == 30


def test_of_an_animation_the_first_frame():
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "blue")]
    out = io.BytesIO()
    frames[0].save(out, "WEBP", save_all=True, append_images=frames[1:], lossless=True)
    assert opened(draw(out.getvalue())).getpixel((5, 5)) == (255, 0, 0)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "logo_svg"),
        (b"\xef\xbb\xbf <?xml version='1.0'?><svg/>", "logo_svg"),
        (b"<!-- a --><SVG></SVG>", "logo_svg"),
        (b"", "logo_format"),
        (b"GIF89a not taken", "logo_format"),
        (b"%PDF-1.4", "logo_format"),
        (b"<html><script>alert(1)</script>", "logo_format"),
        (b"\x89PNG\r\n\x1a\n", "logo_format"),
        (image("GIF"), "logo_format"),
        (image("BMP"), "logo_format"),
        (image("PNG", (300, 300))[:200], "logo_damaged"),
        (image("JPEG", (300, 300))[:-400], "logo_damaged"),
        (b"x" * (logos.MOST_BYTES + 1), "logo_bytes"),
        (png_that_says(5001, 5000), "logo_pixels"),
        (png_that_says(20_000, 20_000), "logo_pixels"),
        (png_that_says(2_000_000, 2_000_000), "logo_pixels"),
    ],
)
def test_what_is_refused_and_why(data, code):
    with pytest.raises(ValidationError) as refused:
        draw(data)
    assert refused.value.code == code


def test_a_bomb_is_refused_before_it_is_decoded(monkeypatch):
    def decode(*_args, **_options):
        pytest.fail("it was decoded")

    monkeypatch.setattr(PngImagePlugin.PngImageFile, "load", decode)
    with pytest.raises(ValidationError):
        draw(png_that_says(6000, 6000))


def test_a_text_that_unpacks_to_megabytes_is_refused():
    said = PngImagePlugin.PngInfo()
    said.add_text("Comment", "x" * 60_000_000, zip=True)
    data = image(pnginfo=said)
    assert len(data) < logos.MOST_BYTES
    with pytest.raises(ValidationError) as refused:
        draw(data)
    assert refused.value.code == "logo_damaged"


def test_who_may_change_it(organisation, editor, viewer, stranger):
    logo = logos.put(organisation=organisation, data=image(), by=editor.user)
    assert (logo.width, logo.height) == (60, 30)
    again = logos.put(organisation=organisation, data=image(color="blue"), by=editor.user)
    assert again.digest != logo.digest
    assert Logo.objects.count() == 1
    for by in (viewer.user, stranger.user, UserFactory()):
        with pytest.raises(PermissionDenied):
            logos.put(organisation=organisation, data=image(), by=by)
        with pytest.raises(PermissionDenied):
            logos.remove(organisation=organisation, by=by)
    for _turn in range(2):
        logos.remove(organisation=organisation, by=editor.user)
    assert not Logo.objects.exists()
