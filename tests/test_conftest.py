"""The guards of conftest.py guard."""

import socket
from pathlib import Path

import pytest
from django.http import HttpResponse
from django.template import Origin, Template, engines
from django.template.context import Context
from django.urls import path

from accounts.models import User
from tests.conftest import UndefinedTemplateVariable


def writes(request):
    User.objects.filter(name="nobody").update(name="somebody")
    return HttpResponse("done")


urlpatterns = [path("writes/", writes)]


@pytest.mark.urls(__name__)
def test_get_that_writes_fails(anonymous):
    with pytest.raises(pytest.fail.Exception, match="GET /writes/ writes: UPDATE"):
        anonymous.get("/writes/")


@pytest.mark.urls(__name__)
def test_post_may_write(anonymous):
    assert anonymous.post("/writes/").content == b"done"


def render(text, origin):
    engine = engines["django"].engine
    return Template(text, origin=Origin(str(origin)), engine=engine).render(Context({"a": 1}))


def test_undefined_variable_in_our_template_fails(settings):
    with pytest.raises(UndefinedTemplateVariable, match="missing"):
        render("{{ missing }}", settings.BASE_DIR / "templates" / "page.html")


@pytest.mark.parametrize(
    "text", ["{{ a }}", "{% if missing %}x{% endif %}", "{{ missing|default:1 }}"]
)
def test_defined_and_optional_variables_pass(settings, text):
    assert render(text, settings.BASE_DIR / "templates" / "page.html") in {"1", ""}


def test_undefined_variable_elsewhere_is_empty():
    assert render("[{{ missing }}]", Path("/usr/lib/package/page.html")) == "[]"


def test_network_is_refused():
    with (
        socket.socket(socket.AF_INET, socket.SOCK_STREAM) as sock,
        pytest.raises(AssertionError, match=r"192\.0\.2\.1"),
    ):
        sock.connect(("192.0.2.1", 80))
