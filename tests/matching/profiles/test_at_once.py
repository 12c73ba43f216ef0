"""Two people edit at once, and sessions end while somebody types: nothing is lost."""

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session

from organisations.models import Statement
from tests.factories import PASSWORD, StatementFactory
from tests.matching.profiles.conftest import HOME, opened

WHO = HOME + "who/"


def said(**values):
    start = {
        "name": "Newcomer of Tarnów",
        "kind": "sme",
        "country": "PL",
        "city": "Kraków",
        "nuts3": "PL217",
    }
    return {**start, **values}


def test_what_only_one_changed_is_merged(newcomer, owner, colleague):
    seen = opened(owner, WHO)
    colleague.post(WHO, said(description="Theirs", opened=seen))
    answer = owner.post(WHO, said(short_name="Mine", opened=seen), follow=True)
    newcomer.refresh_from_db()
    assert (newcomer.description, newcomer.short_name) == ("Theirs", "Mine")
    assert "Somebody else changed this meanwhile" in answer.text
    assert "Description" in answer.text


@pytest.mark.parametrize(("choice", "kept"), [("theirs", "Theirs"), ("mine", "Mine")])
def test_the_second_chooses_where_both_changed(newcomer, owner, colleague, choice, kept):
    seen = opened(owner, WHO)
    colleague.post(WHO, said(description="Theirs", city="Tarnów", opened=seen))
    sent = said(description="Mine", short_name="Typed", opened=seen)
    clash = owner.post(WHO, sent)
    assert clash.status_code == 409
    newcomer.refresh_from_db()
    assert (newcomer.description, newcomer.short_name) == ("Theirs", "")
    assert "Theirs" in clash.text
    assert "Mine" in clash.text
    assert 'name="decide-description" value="theirs" checked' in clash.text
    shown = clash.context["form"]
    assert shown["short_name"].value() == "Typed"
    assert shown["city"].value() == "Tarnów", "what the other alone changed is in the form"
    again = {name: shown[name].value() for name in sent if name in shown.fields}
    again |= {"opened": clash.context["opened"], "decide-description": choice}
    assert owner.post(WHO, again).status_code == 302
    newcomer.refresh_from_db()
    assert newcomer.description == kept
    assert (newcomer.short_name, newcomer.city) == ("Typed", "Tarnów")


def test_a_third_change_is_not_overwritten_either(newcomer, owner, colleague):
    seen = opened(owner, WHO)
    colleague.post(WHO, said(description="One", opened=seen))
    clash = owner.post(WHO, said(description="Mine", opened=seen))
    colleague.post(WHO, said(description="Two", opened=opened(colleague, WHO)))
    again = said(description="Mine", opened=clash.context["opened"])
    assert owner.post(WHO, {**again, "decide-description": "mine"}).status_code == 409
    newcomer.refresh_from_db()
    assert newcomer.description == "Two"


def test_a_damaged_form_overwrites_nothing(newcomer, owner, colleague):
    colleague.post(WHO, said(description="Theirs", opened=opened(colleague, WHO)))
    answer = owner.post(WHO, said(description="Mine", opened="damaged"))
    assert answer.status_code == 409
    newcomer.refresh_from_db()
    assert newcomer.description == "Theirs"


def test_languages_of_both_are_kept(newcomer, owner, colleague):
    path = HOME + "languages/"
    seen = opened(owner, path)
    colleague.post(path, {"languages": ["pl"], "opened": seen})
    owner.post(path, {"languages": ["en"], "opened": seen})
    newcomer.refresh_from_db()
    assert newcomer.languages == ["pl", "en"]


def test_segments_of_both_are_kept(newcomer, owner, colleague):
    path = HOME + "chain/"
    seen = opened(owner, path)
    colleague.post(path, {"segments": ["storage"], "opened": seen})
    owner.post(path, {"segments": ["transport"], "opened": seen})
    assert newcomer.statements.count() == 2


@pytest.fixture
def need(world, newcomer):
    return StatementFactory(organisation=newcomer, concept=world.storage, role=Statement.Role.NEEDS)


def test_a_statement_that_both_change(need, owner, colleague):
    path = f"{HOME}statements/{need.pk}/"
    seen = opened(owner, path)
    colleague.post(path, {"weight": "3", "text": "Theirs", "opened": seen})
    clash = owner.post(path, {"weight": "2", "text": "Mine", "opened": seen})
    assert clash.status_code == 409
    assert str(clash.context["form"]["weight"].value()) == "3"
    sent = {"weight": "3", "text": "Mine", "opened": clash.context["opened"]}
    assert owner.post(path, {**sent, "decide-text": "mine"}).status_code == 302
    need.refresh_from_db()
    assert (need.weight, need.text) == (3, "Mine")


def test_a_statement_that_the_other_removed(need, newcomer, owner, colleague):
    path = f"{HOME}statements/{need.pk}/"
    seen = opened(owner, path)
    colleague.post(path + "remove/")
    answer = owner.post(path, {"weight": "3", "text": "Mine", "opened": seen})
    assert answer.status_code == 409
    assert "Somebody else removed this statement" in answer.text
    assert "Mine" in answer.text
    assert not newcomer.statements.exists()
    sent = {"weight": "3", "text": "Mine", "opened": answer.context["opened"], "again": "1"}
    assert owner.post(path, sent).status_code == 302
    again = newcomer.statements.get()
    assert (again.weight, again.text, again.role) == (3, "Mine", "needs")
    assert owner.post(path, {**sent, "opened": "damaged"}).status_code == 404


def sign_out_and_in(client, path, sent):
    client.logout()
    answer = client.post(path, sent)
    assert answer.status_code == 302
    client.force_login(client.user)
    return answer


def test_what_was_typed_survives_the_log_in(newcomer, owner):
    seen = opened(owner, WHO)
    answer = sign_out_and_in(owner, WHO, said(description="Long text", opened=seen))
    assert answer["Location"].endswith(f"?next={WHO}")
    page = owner.get(WHO)
    assert "You were signed out while you were writing" in page.text
    assert page.context["form"]["description"].value() == "Long text"
    newcomer.refresh_from_db()
    assert newcomer.description == ""
    sent = said(description="Long text", opened=page.context["opened"])
    assert owner.post(WHO, sent).status_code == 302
    assert "signed out" not in owner.get(WHO).text


def test_it_survives_for_segments_statements_and_words(need, owner):
    chain, offers = HOME + "chain/", HOME + "offers/"
    sign_out_and_in(owner, chain, {"segments": ["storage"], "opened": opened(owner, chain)})
    page = owner.get(HOME + "chain/")
    assert "signed out" in page.text
    assert page.text.count(" checked>") == 1
    path = f"{HOME}statements/{need.pk}/"
    sign_out_and_in(owner, path, {"weight": "3", "text": "Kept", "opened": opened(owner, path)})
    assert "Kept" in owner.get(path).text
    words = {"words": "storage of hydrogen", "opened": opened(owner, offers)}
    sign_out_and_in(owner, offers, words)
    assert "storage of hydrogen" in owner.get(offers).text


def test_it_is_of_one_step_and_not_for_ever(newcomer, owner, monkeypatch):
    sign_out_and_in(owner, WHO, said(description="Long text", opened=opened(owner, WHO)))
    assert "signed out" not in owner.get(HOME + "languages/").text
    assert "signed out" in owner.get(WHO).text
    monkeypatch.setattr("matching.profiles.loading.KEPT_FOR", -1)
    assert "signed out" not in owner.get(WHO).text


def test_a_huge_form_is_not_kept(newcomer, owner):
    seen = opened(owner, WHO)
    sign_out_and_in(owner, WHO, said(description="x" * 30_000, opened=seen))
    assert "signed out" not in owner.get(WHO).text


@pytest.mark.parametrize(
    ("path", "back"),
    [("submit/", ""), ("offers/add/", "offers/"), ("statements/7/remove/", "statements/7/")],
)
def test_commands_lead_back_to_their_page(anonymous, newcomer, path, back):
    answer = anonymous.post(HOME + path, {})
    assert answer["Location"].endswith(f"?next={HOME}{back}")


def test_strangers_do_not_see_what_somebody_typed(newcomer, owner, stranger):
    seen = opened(owner, WHO)
    owner.logout()
    owner.post(WHO, said(description="Secret", opened=seen))
    owner.force_login(stranger.user)
    assert owner.get(WHO).status_code == 404


@pytest.mark.parametrize("path", [WHO, HOME + "submit/", "/organisations/nowhere/profile/who/"])
@pytest.mark.parametrize("seal", [None, "", "forged", "of another step"])
def test_who_was_never_given_the_form_makes_no_session(anonymous, owner, path, seal):
    sent = said(description="Noise")
    if seal is not None:
        sent["opened"] = opened(owner, HOME + "languages/") if "step" in seal else seal
    anonymous.cookies["sessionid"] = "x" * 32
    before = Session.objects.count()
    assert anonymous.post(path, sent)["Location"].startswith("/accounts/login/")
    assert Session.objects.count() == before


def test_it_is_kept_for_an_hour_and_the_log_in_lasts_as_ever(newcomer, owner):
    seen = opened(owner, WHO)
    owner.logout()
    owner.post(WHO, said(description="Long text", opened=seen))
    assert owner.session.get_expiry_age() == 3600
    assert owner.cookies["sessionid"]["max-age"] == 3600
    owner.post("/accounts/login/", {"login": owner.user.email, "password": PASSWORD})
    assert "signed out" in owner.get(WHO).text
    assert owner.session.get_expiry_age() == settings.SESSION_COOKIE_AGE
