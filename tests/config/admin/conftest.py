"""Tables of every kind, and ways to send files to their pages."""

import io
import re

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.factories import UserFactory


@pytest.fixture(autouse=True)
def imports_lie_apart(settings, tmp_path):
    settings.IMPORT_DIR = tmp_path / "imports"


def address(model, page, *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def body(answer):
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def export(client, model, kind="csv", **filters):
    answer = client.post(address(model, "export"), {"kind": kind}, query_params=filters)
    assert answer.status_code == 200, answer.content[-3000:]
    assert "attachment" in answer["Content-Disposition"]
    return body(answer)


def preview(client, model, data, kind="csv", encoding="utf-8", name="rows"):
    data = data if isinstance(data, bytes) else data.encode()
    file = SimpleUploadedFile(f"{name}.{kind}", data)
    form = {"file": file, "kind": kind, "encoding": encoding}
    return client.post(address(model, "import"), form)


def confirm(client, model, answer):
    return client.post(address(model, "process_import"), {"ticket": answer.context["ticket"]})


def import_rows(client, model, data, **how):
    """Preview and confirm; both must succeed."""
    answer = preview(client, model, data, **how)
    assert answer.status_code == 200, said(answer)
    done = confirm(client, model, answer)
    assert done.status_code == 302, said(done)


def said(answer):
    """What a page says of a file, in one line."""
    text = re.sub(r"<(script|style).*?</\1>", "", answer.content.decode(), flags=re.DOTALL)
    content = text[text.index('id="content"') :]
    return " ".join(re.sub(r"<[^>]+>", " ", content).split())


def workbook(rows):
    from openpyxl import Workbook

    book = Workbook()
    for row in rows:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def staff(*permissions):
    """The client of somebody who may enter the administration, with these rights."""
    user = UserFactory(is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client()
    client.force_login(user)
    client.user = user
    return client
