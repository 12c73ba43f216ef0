"""The steps of a profile: who may open them, what they save, and what they cost."""

import pytest
from django.test import Client

from matching.profiles.steps import State, Step, steps_of
from organisations.models import Organisation, Statement
from tests.factories import CountryFactory, NutsUnitFactory, RegionFactory, StatementFactory
from tests.matching.profiles.conftest import HOME, opened

STEPS = [HOME, *(f"{HOME}{step.value}/" for step in Step)]
COMMANDS = [HOME + "submit/", HOME + "offers/add/", HOME + "statements/1/remove/"]


@pytest.mark.parametrize("path", STEPS)
def test_who_may_open_it(path, owner, colleague, onlooker, stranger, anonymous, administrator):
    for client in (owner, colleague, administrator):
        assert client.get(path).status_code == 200
    assert onlooker.get(path).status_code == 403
    assert stranger.get(path).status_code == 404
    answer = anonymous.get(path)
    assert answer.status_code == 302
    assert "login" in answer["Location"]


@pytest.mark.parametrize("path", [*STEPS[1:], *COMMANDS])
def test_who_may_write(path, newcomer, owner, onlooker, stranger, anonymous):
    assert onlooker.post(path).status_code == 403
    assert stranger.post(path).status_code == 404
    assert anonymous.post(path).status_code == 302
    newcomer.refresh_from_db()
    assert newcomer.status == Organisation.Status.DRAFT


@pytest.mark.parametrize("path", COMMANDS)
def test_commands_are_not_read(path, owner):
    assert owner.get(path).status_code == 405


def test_the_profile_of_others_is_theirs(owner, world):
    assert owner.get("/organisations/maker/profile/").status_code == 403


def test_there_are_no_other_steps(owner):
    assert owner.get(HOME + "nonsense/").status_code == 404
    assert owner.post(HOME + "wanted/add/", {"concept": 1}).status_code == 404


@pytest.mark.parametrize("path", STEPS)
def test_what_a_page_costs(path, world, newcomer, owner, connection_queries):
    for concept in (world.green, world.storage, world.transport):
        for role in Statement.Role.values:
            StatementFactory(organisation=newcomer, concept=concept, role=role)
    parameters = {"q": "storage"} if path.split("/")[-2] in ("offers", "needs") else {}
    owner.get(path, parameters)
    assert connection_queries(owner, path, **parameters) <= 22


def test_more_statements_cost_no_more_queries(world, newcomer, owner, connection_queries):
    StatementFactory(organisation=newcomer, concept=world.green)
    owner.get(HOME + "offers/")
    few = connection_queries(owner, HOME + "offers/")
    for _ in range(20):
        StatementFactory(organisation=newcomer)
    assert connection_queries(owner, HOME + "offers/") == few


def test_states(world, newcomer):
    def states():
        return {item.step: item.state for item in steps_of(newcomer)}

    newcomer.nuts3 = newcomer.home_region = None
    assert states()[Step.WHO] == State.STARTED
    assert states()[Step.NEEDS] == State.EMPTY
    StatementFactory(organisation=newcomer, concept=world.storage)
    newcomer.wanted_kinds = ["sme"]
    newcomer.languages = ["pl"]
    newcomer.home_region = world.malopolska
    now = states()
    assert (now[Step.OFFERS], now[Step.CHAIN], now[Step.WHO]) == (State.DONE,) * 3
    assert (now[Step.WANTED], now[Step.LANGUAGES]) == (State.STARTED, State.DONE)
    assert now[Step.SUGGESTIONS] is None


def who(client, **values):
    said = {
        "name": "Newcomer of Tarnów",
        "kind": "sme",
        "country": "PL",
        "opened": opened(client, HOME + "who/"),
        "city": "Kraków",
        "nuts3": "PL217",
    }
    return {**said, **values}


def test_three_inputs_are_required(owner):
    answer = owner.post(HOME + "who/", {})
    assert answer.status_code == 400
    form = answer.context["form"]
    assert set(form.errors) == {"name", "kind", "country"}
    required = {name for name, field in form.fields.items() if field.required}
    assert required == {"name", "kind", "country"}
    assert answer.text.count('role="alert"') == 1
    assert "Nothing was saved" in answer.text


def test_who_is_saved_and_leads_on(newcomer, owner):
    answer = owner.post(
        HOME + "who/", who(owner, website="example.org", vat_number="pl 1234567890", pic="")
    )
    assert answer["Location"] == HOME + "offers/"
    newcomer.refresh_from_db()
    assert newcomer.website == "https://example.org"
    assert newcomer.vat_number == "PL1234567890"
    assert newcomer.pic is None
    answer = owner.post(HOME + "who/", who(owner, leave="1"))
    assert answer["Location"] == HOME


def test_a_place_is_found_without_javascript(newcomer, owner, world):
    lyon = NutsUnitFactory(
        code="FRK25", name="Rhône", country=world.ara.country, home_region=world.ara
    )
    answer = owner.post(
        HOME + "who/", who(owner, name="Unsaved name", place_query="rhone", search="1")
    )
    assert answer.status_code == 200
    assert "Unsaved name" in answer.text
    assert 'value="FRK25"' in answer.text
    newcomer.refresh_from_db()
    assert newcomer.name != "Unsaved name"
    owner.post(HOME + "who/", who(owner, nuts3="FRK25", country="PL"))
    newcomer.refresh_from_db()
    assert newcomer.nuts3 == lyon
    assert newcomer.home_region == world.ara


def test_a_town_leads_to_the_unit_where_others_of_it_are(owner, world):
    world.maker.city = "Villeurbanne"
    world.maker.save()
    answer = owner.get(HOME + "who/", {"place_query": "villeurb"}, headers={"HX-Request": "true"})
    assert answer.text.strip().startswith('<div id="places"')
    assert 'value="FRK26"' in answer.text
    assert "1 organisation of that town is here" in answer.text


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("website", "http://"),
        ("website", "javascript:alert(1)"),
        ("pic", "123"),
        ("vat_number", "?"),
        ("description", "x" * 10_000),
        ("name", "a\0b"),
        ("nuts3", "PL999"),
        ("kind", "spaceship"),
        ("country", "XX"),
    ],
)
def test_bad_input_is_said_by_the_field_and_kept(newcomer, owner, field, value):
    answer = owner.post(HOME + "who/", who(owner, short_name="kept input", **{field: value}))
    assert answer.status_code == 400
    assert set(answer.context["form"].errors) == {field}
    assert "kept input" in answer.text
    newcomer.refresh_from_db()
    assert newcomer.short_name == ""


def test_languages_and_wanted(newcomer, owner, world):
    brittany = RegionFactory(slug="brittany", name="Brittany", country=CountryFactory(code="FR"))
    answer = owner.post(
        HOME + "languages/",
        {"languages": ["pl", "mt"], "opened": opened(owner, HOME + "languages/")},
    )
    assert answer["Location"] == HOME + "suggestions/"
    answer = owner.post(
        HOME + "wanted/",
        {
            "wanted_kinds": ["sme"],
            "add_region": "brittany",
            "stay": "1",
            "opened": opened(owner, HOME + "wanted/"),
        },
    )
    assert answer["Location"] == HOME + "wanted/"
    newcomer.refresh_from_db()
    assert newcomer.languages == ["mt", "pl"]
    assert newcomer.wanted_kinds == ["sme"]
    assert list(newcomer.wanted_regions.all()) == [brittany]
    page = owner.get(HOME + "wanted/")
    assert page.text.count('name="wanted_regions"') == 1
    owner.post(HOME + "wanted/", {"opened": page.context["opened"]})
    newcomer.refresh_from_db()
    assert newcomer.wanted_kinds == []
    assert not newcomer.wanted_regions.exists()
    assert owner.post(HOME + "languages/", {"languages": ["xx"]}).status_code == 400


def test_the_chain_is_a_list_of_boxes(newcomer, owner, world):
    page = owner.get(HOME + "chain/")
    assert page.text.count('type="checkbox" name="segments"') == 2
    answer = owner.post(
        HOME + "chain/", {"segments": ["storage"], "opened": page.context["opened"]}
    )
    assert answer["Location"] == HOME + "wanted/"
    assert newcomer.statements.get().concept == world.storage
    assert owner.get(HOME + "chain/").text.count(" checked>") == 1
    assert owner.post(HOME + "chain/", {"segments": ["nothing"]}).status_code == 400


def test_submitting(newcomer, owner, world, mailoutbox, django_capture_on_commit_callbacks):
    refused = owner.post(HOME + "submit/")
    assert refused.status_code == 400
    assert "an offer, a need or an interest" in refused.text
    StatementFactory(organisation=newcomer, concept=world.green)
    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(2):
            answer = owner.post(HOME + "submit/", follow=True)
            assert answer.status_code == 200
    newcomer.refresh_from_db()
    assert newcomer.status == Organisation.Status.PENDING
    assert [message.to for message in mailoutbox] == [["owner@example.org"]]
    assert "http://testserver/organisations/newcomer/" in mailoutbox[0].body
    assert "Waiting for verification" in owner.get(HOME).text
    assert "Submit for verification" not in owner.get(HOME).text


SCRIPT = "<script>alert(1)</script>"
HTMX = {"HX-Request": "true"}


def test_scripts_are_text(newcomer, owner, world):
    owner.post(HOME + "who/", who(owner, name=SCRIPT, description=SCRIPT, city=SCRIPT))
    newcomer.refresh_from_db()
    assert newcomer.name == SCRIPT
    statement = StatementFactory(
        organisation=newcomer, concept=world.storage, role=Statement.Role.NEEDS, text=SCRIPT
    )
    pages = [
        owner.get("/organisations/newcomer/"),
        owner.get(f"{HOME}statements/{statement.pk}/"),
        owner.get(HOME + "offers/", {"q": SCRIPT}),
        owner.get(HOME + "who/", {"place_query": SCRIPT}),
        owner.post(HOME + "needs/", {"words": SCRIPT + " storage"}),
        owner.post(HOME + "who/", who(owner, pic=SCRIPT)),
        *(owner.get(path) for path in STEPS),
    ]
    for page in pages:
        assert SCRIPT not in page.text
    assert "&lt;script&gt;" in pages[0].text


def test_a_form_without_its_token_says_what_to_do(newcomer, owner):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(owner.user)
    answer = strict.post(HOME + "who/", {"name": "x"})
    assert answer.status_code == 403
    assert "open for too long" in answer.text


def test_the_overview_leads_on(owner, newcomer):
    page = owner.get(HOME)
    assert page.context["next_step"].step not in (None, "suggestions")
    assert "Go on: " in page.content.decode()


def test_the_town_of_the_registration_offers_its_units(owner, newcomer, world):
    Organisation.objects.filter(pk=newcomer.pk).update(city="Kraków", nuts3=None)
    unit = NutsUnitFactory(version=2021, level=3, code="PL213", name="Miasto Kraków")
    page = owner.get(HOME + "who/")
    assert unit in [place.unit for place in page.context["places"]]
    assert not owner.get(HOME + "who/?place_query=Nowhere").context["places"]


def area(region, code, name):
    parent = NutsUnitFactory(code=code[:4], level=2, country=region.country, home_region=None)
    return NutsUnitFactory(
        code=code, name=name, country=region.country, home_region=region, parent=parent
    )


def test_a_small_town_is_chosen_from_a_list(newcomer, owner, world):
    bochnia = area(world.malopolska, "PL214", "Krakowski")
    Organisation.objects.filter(pk=newcomer.pk).update(city="Łapanów", nuts3=None)
    page = owner.get(HOME + "who/")
    assert page.context["places"] == []
    details = page.text.partition('id="areas"')[2]
    assert details.lstrip().startswith("open>")
    assert 'name="nuts3" value="PL214"' in details
    answer = owner.post(HOME + "who/", who(owner, nuts3="PL214"))
    assert answer.status_code == 302
    newcomer.refresh_from_db()
    assert newcomer.nuts3 == bochnia
    assert 'id="areas">' in owner.get(HOME + "who/").text


def test_the_list_is_of_the_country_in_the_form(owner, world):
    area(world.ara, "FRK25", "Rhône")
    page = owner.get(HOME + "who/").text
    assert 'value="FRK25"' not in page
    page = owner.post(HOME + "who/", who(owner, country="FR", areas="1", nuts3="")).text
    assert 'value="FRK25"' in page.partition('id="areas" open')[2]
    page = owner.post(HOME + "who/", who(owner, country="X\0", areas="1")).text
    assert "There are no such areas for this country" in page


def test_what_is_chosen_stays_when_the_list_is_swapped(owner, world):
    area(world.ara, "FRK25", "Rhône")
    answer = owner.get(
        HOME + "who/", {"place_query": "nowhere", "nuts3": "FRK25", "country": "PL"}, headers=HTMX
    )
    assert 'value="FRK25" checked' in answer.text
    answer = owner.get(
        HOME + "who/", {"place_query": "rhone", "nuts3": "FRK25", "country": "PL"}, headers=HTMX
    )
    assert answer.text.count(" checked") == answer.text.count('value="FRK25"') == 1


def test_choosing_asks_for_nothing(owner):
    answer = owner.get(HOME + "who/", {"chosen": "1"}, headers=HTMX)
    assert answer.status_code == 204
    assert answer.content == b""
    assert 'hx-get="/organisations/newcomer/profile/who/?chosen=1"' in owner.get(HOME + "who/").text


def test_each_missing_piece_leads_to_its_field(newcomer, owner, world):
    Organisation.objects.filter(pk=newcomer.pk).update(
        nuts3=None, home_region=None, country=None, latitude=None, longitude=None
    )
    page = owner.get(HOME).text
    for place in ("who/#where", "needs/#search", "offers/#search", "interests/#search"):
        step, anchor = place.split("#")
        assert f'href="{HOME}{place}"' in page
        assert f'id="{anchor}"' in owner.get(HOME + step).text
    assert f'href="{HOME}chain/#segments"' in page
    assert 'id="segments"' in owner.get(HOME + "chain/").text
    assert f'<a href="{HOME}who/#id_country">a country</a>' in page
    assert f'<a href="{HOME}offers/#search">an offer, a need or an interest</a>' in page


def test_points_are_explained(newcomer, owner, world):
    StatementFactory(organisation=newcomer, concept=world.green, role="interested")
    page = owner.get(HOME).text
    assert "Points are what two organisations score as partners, 100 at most" in page
    assert f'href="{HOME}suggestions/"' in page
    assert f'href="{HOME}needs/?q=Storage#search"' in page


def test_what_suggestions_lack_is_a_link_for_editors_alone(newcomer, owner, onlooker, world):
    StatementFactory(organisation=newcomer, concept=world.green, role="interested")
    link = f'<a href="{HOME}needs/#search">'
    page = owner.get(HOME + "suggestions/").text
    assert page.count(link) > 2
    detail = "/organisations/newcomer/"
    assert link in owner.get(detail).text
    assert f'href="{HOME}needs/' not in onlooker.get(detail).text
