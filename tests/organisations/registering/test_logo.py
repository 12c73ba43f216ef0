"""The logo: sent, shown with the organisation's visibility, removed."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from organisations import logos
from organisations.models import Logo, Organisation

EDIT = "/organisations/agh-university/logo/"
REMOVE = f"{EDIT}remove/"


def png(size=(60, 30)):
    out = io.BytesIO()
    Image.new("RGB", size, "red").save(out, "PNG")
    return out.getvalue()


def upload(data, name="logo.png"):
    return {"image": SimpleUploadedFile(name, data, content_type="image/png")}


def text(answer):
    return " ".join(answer.content.decode().split())


@pytest.fixture
def logo(organisation, editor):
    return logos.put(organisation=organisation, data=png(), by=editor.user)


@pytest.fixture
def address(logo):
    return f"{EDIT}{logo.digest}.png"


def test_who_may_send_one(organisation, anonymous, stranger, viewer, editor):
    for client, status in ((anonymous, 302), (stranger, 403), (viewer, 403)):
        assert client.get(EDIT).status_code == status
        assert client.post(EDIT, upload(png())).status_code == status
        assert client.post(REMOVE).status_code == status
    assert not Logo.objects.exists()
    assert editor.post(EDIT, upload(png()))["Location"] == EDIT
    logo = Logo.objects.get()
    page = text(editor.get(EDIT))
    assert f'src="{EDIT}{logo.digest}.png" width="60" height="30"' in page
    assert editor.get(REMOVE).status_code == 405
    for _turn in range(2):
        assert editor.post(REMOVE)["Location"] == EDIT
    assert not Logo.objects.exists()


def test_strangers_do_not_find_the_page_of_a_draft(organisation, stranger):
    Organisation.objects.update(status="draft")
    assert stranger.get(EDIT).status_code == 404
    assert stranger.post(EDIT, upload(png())).status_code == 404


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"<svg onload='alert(1)'/>", "An SVG file can hold programs"),
        (b"nothing", "no image that we can read"),
        (png((300, 300))[:100], "damaged"),
        (b"", "empty"),
        (b"x" * (logos.MOST_BYTES + 1), "larger than 2 MB"),
    ],
)
def test_what_is_no_logo_is_said(editor, data, words):
    answer = editor.post(EDIT, upload(data))
    assert answer.status_code == 400
    assert words in text(answer)
    assert not Logo.objects.exists()


def test_no_file_at_all(editor):
    assert editor.post(EDIT, {}).status_code == 400


def test_a_large_upload_is_refused_before_it_is_read(editor):
    class Unread(io.BytesIO):
        def read(self, *_args):
            pytest.fail("the upload was read")

        readline = read

    answer = editor.generic(
        "POST",
        EDIT,
        b"",
        content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH=str(50 * 1024 * 1024),
        **{"wsgi.input": Unread()},
    )
    assert answer.status_code == 413
    assert "This file is too large" in text(answer)


def test_it_is_guarded_against_forgery(organisation, editor):
    client = Client(enforce_csrf_checks=True)
    client.force_login(editor.user)
    assert client.post(EDIT, upload(png())).status_code == 403
    assert not Logo.objects.exists()


def test_a_public_logo_is_kept_long_and_named_by_its_content(anonymous, address, logo):
    answer = anonymous.get(address)
    assert answer.status_code == 200
    assert answer.content == bytes(logo.png)
    assert answer["Content-Type"] == "image/png"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer["ETag"] == f'"{logo.digest}"'
    again = anonymous.get(address, headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert anonymous.post(address).status_code == 405
    assert anonymous.get(address.replace(logo.digest, "0" * 64)).status_code == 404


def test_the_logo_of_a_draft_is_for_its_team(anonymous, stranger, viewer, address):
    Organisation.objects.update(status="draft")
    assert anonymous.get(address).status_code == 404
    assert stranger.get(address).status_code == 404
    answer = viewer.get(address)
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "private, no-store"
