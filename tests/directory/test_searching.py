"""What is found, what comes first, and how many there are of each value."""

import pytest

from directory import searching
from directory.asking import understood
from directory.models import Value
from directory.searching import Reader, search
from initiatives.models import Initiative
from tests.factories import (
    ConceptFactory,
    InitiativeFactory,
    OrganisationFactory,
    ParticipationFactory,
    RegionFactory,
    StatementFactory,
    VocabularyFactory,
)

pytestmark = pytest.mark.django_db


def titles(text, **more):
    return names_of(search(understood(text), reader=Reader(), **more))


def names_of(found):
    return [hit.title for hit in found.hits]


def counts(found):
    return {
        (value.facet, value.value): found.counts[value.pk]
        for value in Value.objects.filter(pk__in=found.counts)
    }


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Polyméris", "polymeris"),
        ("Województwo małopolskie", "malopolskie"),
        ("Hydrogen Works", "hidrogen"),
        ("Hydrogen Works", "hydro"),
        ("Hydrogen Works", '"hydrogen works"'),
        ("Universities of Lyon", "university lyon"),
        ("Magazyny energii", "magazyn energia"),
        ("Stockages thermiques", "stockage thermique"),
        ("Speicherung", "speicherungen"),
    ],
)
def test_names_are_found_as_people_write_them(name, typed):
    OrganisationFactory(name="Something else entirely")
    OrganisationFactory(name=name)
    assert titles(typed) == [name]


@pytest.mark.parametrize("typed", ['"works hydrogen"', "hydrogen -works", "zzzzzz", "-hydrogen"])
def test_what_is_not_asked_for_is_not_found(typed):
    OrganisationFactory(name="Hydrogen Works", city="", description="", country=None)
    assert "Hydrogen Works" not in titles(typed, what=["organisation"])


def test_whole_words_and_names_come_first():
    OrganisationFactory(name="Acknowledge Partners")
    OrganisationFactory(name="Other Partners", description="All about knowledge.")
    OrganisationFactory(name="Knowledges of Partners and Friends")
    OrganisationFactory(name="Knowledge Partners")
    assert titles("knowledge")[0] == "Knowledge Partners"
    assert "Acknowledge Partners" not in titles("knowledge")
    OrganisationFactory(name="Agheterra")
    OrganisationFactory(name="University of Mining", short_name="AGH")
    assert titles("agh")[0] == "University of Mining"


def test_a_concept_is_found_in_every_language_and_by_what_is_narrower():
    broad = ConceptFactory(labels={"en": "Hydrogen", "pl": "Wodór", "fr": "Hydrogène"})
    narrow = ConceptFactory(broader=broad, labels={"en": "Tanks"})
    maker = OrganisationFactory(name="Maker")
    StatementFactory(organisation=maker, concept=narrow)
    OrganisationFactory(name="Nobody")
    for typed in ("hydrogen", "wodór", "wodoru", "hydrogene"):
        assert titles(typed) == ["Maker"]


def test_a_kind_a_region_and_a_country_are_words_too():
    region = RegionFactory(name="Lesser Poland", local_name="Małopolska")
    OrganisationFactory(name="A", kind="university", home_region=region)
    OrganisationFactory(name="B", kind="company", home_region=region)
    assert titles("uniwersytet malopolska", what=["organisation"]) == ["A"]


@pytest.mark.parametrize("words", ["Bavière", "works bawaria", "baviera"])
def test_a_region_is_a_word_in_every_language(words):
    bavaria = RegionFactory(name="Bavaria", local_name="Bayern")
    OrganisationFactory(name="Works", home_region=bavaria)
    OrganisationFactory(name="Works elsewhere")
    assert "Works" in titles(words)
    assert "Works elsewhere" not in titles(words)


def test_the_region_of_that_name_comes_first_in_every_language():
    RegionFactory(name="Lower Bavaria")
    region = RegionFactory(name="Bavaria", local_name="Bayern")
    OrganisationFactory(name="Bav", home_region=region)
    OrganisationFactory(name="Wasserstoff Bayern", home_region=region)
    for words in ("Bavière", "bayern", "Bawaria", "bavaria"):
        assert titles(words)[0] == "Bavaria"
    assert titles("basse-bavière")[0] == "Lower Bavaria"


def test_nothing_has_all_the_words():
    OrganisationFactory(name="Hydrogen Works")
    found = search(understood("hydrogen xyzzyxq"), reader=Reader())
    assert found.is_near
    assert [hit.title for hit in found.hits] == ["Hydrogen Works"]
    assert not search(understood("hydrogen works"), reader=Reader()).is_near


def test_a_mistake_is_told():
    OrganisationFactory(name="Hydrogen Works")
    assert search(understood("hidrogen"), reader=Reader()).corrected == {"hidrogen": "hydrogen"}
    assert search(understood("hydrogen"), reader=Reader()).corrected == {}


def test_drafts_are_found_by_their_own_team_alone():
    draft = OrganisationFactory(name="Secret Works", status="draft")
    assert titles("secret") == []
    own = search(understood("secret"), reader=Reader(organisations=(draft.pk,)))
    assert [hit.title for hit in own.hits] == ["Secret Works"]


def test_counts_are_those_of_what_was_found():
    shared = ConceptFactory(vocabulary=VocabularyFactory(scheme="hydrogen-value-chain"))
    for number in range(3):
        organisation = OrganisationFactory(name=f"Hydrogen {number}", kind="sme")
        StatementFactory(organisation=organisation, concept=shared, role="needs")
    OrganisationFactory(name="Hydrogen university", kind="university")
    InitiativeFactory(name="Hydrogen for all", kind="project")
    found = search(understood("hydrogen"), reader=Reader())
    assert found.total == 5
    assert counts(found)["kind", "sme"] == 3
    assert counts(found)["kind", "university"] == 1
    assert counts(found)["needs", str(shared.pk)] == 3
    assert counts(found)["stage", "project"] == 1
    numbers = {value.value: value.pk for value in Value.objects.filter(facet="kind")}
    some = search(understood("hydrogen"), reader=Reader(), chosen={"kind": [numbers["university"]]})
    assert (some.total, some.counts[numbers["university"]]) == (1, 1)
    assert some.wider["kind"] == found.counts


def test_a_value_that_nothing_has_finds_nothing():
    OrganisationFactory(name="Hydrogen")
    assert search(understood("hydrogen"), reader=Reader(), chosen={"kind": []}).total == 0


def test_beyond_the_most_that_are_ranked_it_says_at_least(monkeypatch):
    monkeypatch.setattr(searching, "MOST_RANKED", 3)
    for number in range(4):
        OrganisationFactory(name=f"Hydrogen {number}")
    found = search(understood("hydrogen"), reader=Reader())
    assert (found.total, found.is_more) == (3, True)
    assert not search(understood("hydrogen 1"), reader=Reader()).is_more


@pytest.fixture
def more_than_ranked(monkeypatch):
    """Five projects, an organisation of two of them, and a valley that was written last."""
    monkeypatch.setattr(searching, "MOST_RANKED", 3)
    projects = [InitiativeFactory(name=f"Project {letter}") for letter in "EDCBA"]
    busy = OrganisationFactory(name="Busy Works")
    for project in projects[:2]:
        ParticipationFactory(initiative=project, organisation=busy)
    InitiativeFactory(kind="hydrogen-valley", name="Valley")


def test_of_more_than_are_ranked_those_of_the_highest_standing_are_listed(more_than_ranked):
    found = search(understood(""), reader=Reader(), what=["organisation", "initiative"])
    assert found.is_more
    assert names_of(found)[:2] == ["Valley", "Busy Works"]
    assert set(names_of(found)[2:4]) == {"Project E", "Project D"}
    assert len(found.hits) == 7
    initiatives = search(understood(""), reader=Reader(), what=["initiative"])
    assert names_of(initiatives)[0] == "Valley"


def test_of_more_than_are_ranked_the_first_by_name_are_listed(more_than_ranked):
    in_order = [f"Project {letter}" for letter in "ABCDE"]
    found = search(understood(""), reader=Reader(), what=["initiative"], by_name=True)
    assert (found.is_more, names_of(found)) == (True, [*in_order, "Valley"])
    found, rest = searching.listed(
        understood(""), reader=Reader(), what=["initiative"], by_name=True, most=5
    )
    assert len(rest) == 2
    keys = [(hit.of, hit.object_id) for hit in found.hits] + rest
    names = {("initiative", each.pk): each.name for each in Initiative.objects.all()}
    assert [names[key] for key in keys] == in_order


def test_of_more_than_are_ranked_only_what_was_chosen_and_is_public_is_listed(more_than_ranked):
    for number in range(4):
        OrganisationFactory(name=f"Lab {number}", kind="university")
    OrganisationFactory(name="Draft", kind="university", status="draft")
    numbers = {value.value: value.pk for value in Value.objects.filter(facet="kind")}
    chosen = {"kind": [numbers["university"]]}
    for by_name in (True, False):
        found = search(understood(""), reader=Reader(), chosen=chosen, by_name=by_name)
        assert found.is_more
        assert names_of(found) == [f"Lab {number}" for number in range(4)]


def test_what_is_no_organisation_is_real():
    OrganisationFactory(name="Hydrogen Works")
    OrganisationFactory(name="Hydrogen Example", is_illustrative=True)
    InitiativeFactory(name="Hydrogen Ships")
    RegionFactory(name="Hydrogen Land")
    numbers = {value.value: value.pk for value in Value.objects.filter(facet="invented")}
    found = search(understood("hydrogen"), reader=Reader(), chosen={"invented": [numbers["no"]]})
    assert set(names_of(found)) == {"Hydrogen Works", "Hydrogen Ships", "Hydrogen Land"}


def test_near_hits_are_more_only_if_those_of_one_word_were_cut(monkeypatch):
    monkeypatch.setattr(searching, "MOST_NEAR", 3)
    for number in range(3):
        for word in ("Hydrogen", "Ammonia"):
            OrganisationFactory(name=f"{word} {number}", kind="sme", city="", description="")
    found = search(understood("hydrogen ammonia"), reader=Reader())
    assert (found.is_near, found.total, found.is_more) == (True, 6, False)
    OrganisationFactory(name="Ammonia 4", kind="university", city="", description="")
    found = search(understood("hydrogen ammonia"), reader=Reader())
    assert (found.is_near, found.is_more) == (True, True)
    kinds = {value.value: value.pk for value in Value.objects.filter(facet="kind")}
    chosen = {"kind": [kinds["sme"]]}
    found = search(understood("hydrogen ammonia"), reader=Reader(), chosen=chosen)
    assert (found.total, found.is_more) == (6, False)
    by_kind = found.counted_for("kind")
    assert [by_kind.is_least(kinds[name]) for name in ("university", "sme")] == [True, False]
    monkeypatch.setattr(searching, "MOST_NEAR", 4)
    found = search(understood("hydrogen ammonia"), reader=Reader(), chosen=chosen)
    assert not found.counted_for("kind").is_more


def test_where_nothing_is_typed_those_with_the_most_projects_come_first():
    plain = OrganisationFactory(name="Plain Works", short_name="")
    busy = OrganisationFactory(name="Busy Works", short_name="BW")
    ParticipationFactory(organisation=busy)
    found = search(understood(""), reader=Reader(), what=["organisation"])
    assert [hit.object_id for hit in found.hits] == [busy.pk, plain.pk]


@pytest.mark.parametrize("typed", ["", "works"])
def test_real_ones_before_invented_ones_where_nothing_else_tells_them_apart(typed):
    for name, is_invented in (("Works A", True), ("Works B", False), ("Works C", True)):
        OrganisationFactory(name=name, is_illustrative=is_invented)
    assert titles(typed, what=["organisation"]) == ["Works B", "Works A", "Works C"]
    busy = OrganisationFactory(name="Works D", is_illustrative=True)
    ParticipationFactory(organisation=busy)
    assert titles(typed, what=["organisation"]) == ["Works B", "Works D", "Works A", "Works C"]
