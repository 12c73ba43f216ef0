"""Clusters and illustrative organisations: loaded as the files say, and following them."""

import shutil

import pytest

from organisations import merging, profiles
from organisations.models import ClusterMembership, Organisation, Sector, Statement
from regions.models import Source
from regions.reference import DataFileError, load_reference
from regions.reference.upsert import Change
from tests.factories import OrganisationFactory, UserFactory

LAB = "example-hydrogen-storage-lab"
NEW = Change(added=1)
EDITED = Change(changed=1)

BAD_ROWS = [
    # file, text to replace, its replacement, what the error says
    ("clusters.csv", "auvergne-rhone-alpes", "rhone", "line 2: region 'rhone' is unknown"),
    ("clusters.csv", "FRK24,", "PL213,", "line 2: nuts3 PL213 is not in auvergne-rhone-alpes"),
    ("clusters.csv", "axelera,Axelera", "tenerrdis,Axelera", "line 3: line 2 is about the same"),
    ("clusters.csv", "axelera,Axelera", "axe lera,Axelera", "line 3: slug: "),
    ("clusters.csv", "public-source-check", "hearsay", "line 2: source 'hearsay' is unknown"),
    ("sectors.csv", "tenerrdis,", "tenerdis,", "line 2: organisation 'tenerdis' is unknown"),
    (
        "sectors.csv",
        "cluster,industrial-ecosystems,energy-renewables,illustrative",
        "cluster,industrial-ecosystems,energy-renewables,regions-meet-review",
        "line 14: example-carpathian-hydrogen-cluster is invented, so its source is not",
    ),
    ("illustrative/organisations.csv", "research,", "laboratory,", "kind is 'laboratory', not one"),
    ("illustrative/organisations.csv", "PL213", "PL21", "line 2: nuts3 'PL21' is unknown"),
    ("illustrative/organisations.csv", "Lab (illustrative)", "Lab", "is not labelled '(illust"),
    ("illustrative/organisations.csv", "\nexample-hydro", "\nhydro", "is not labelled 'example-"),
    ("illustrative/statements.csv", ",storage,3,", ",storing,3,", "hydrogen-value-chain:storing"),
    ("illustrative/statements.csv", ",storage,3,", ",storage,4,", "weight 4 is not from 1 to 3"),
    ("illustrative/statements.csv", ",storage,3,4,7", ",storage,3,7,4", "line 2: TRL goes from"),
    ("illustrative/statements.csv", ",storage,3,4,7", ",storage,3,4,", "line 2: TRL goes from"),
    ("illustrative/statements.csv", "2030-12-31", "2030-31-12", "line 4: valid_until '2030-31-12'"),
    ("illustrative/statements.csv", "lab,offers", "lab,has", "role is 'has', not one of"),
    ("illustrative/statements.csv", f"{LAB},", "tenerrdis,", "is no illustrative organisation"),
    ("illustrative/members.csv", f",{LAB},", ",tenerrdis,", "is no illustrative organisation"),
    (
        "illustrative/members.csv",
        "\nexample-carpathian-hydrogen-cluster,example-comp",
        f"\n{LAB},example-comp",
        "line 3: example-hydrogen-storage-lab is no cluster",
    ),
]


@pytest.fixture(scope="module")
def reference(django_db_setup, django_db_blocker):
    """All reference data is in the database, until the module is done."""
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        yield load_reference()
        transaction.set_rollback(True)


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(profiles.DATA, tmp_path / "data")


def load(folder=profiles.DATA):
    return sum((step(folder) for step in profiles.STEPS.values()), Change())


def replace(folder, file, old, new):
    path = folder / file
    content = path.read_text()
    assert old in content
    path.write_text(content.replace(old, new, 1))


@pytest.fixture
def loaded(reference, db):
    return load()


def test_a_second_load_changes_nothing(loaded):
    assert loaded.added > 250
    assert load() == Change()


def test_what_was_merged_does_not_come_back(loaded):
    keep, gone = (Organisation.objects.get(slug=slug) for slug in ("tenerrdis", "axelera"))
    merging.merge(keep=keep, duplicate=gone, by=UserFactory(administrator=True))
    assert load() == Change()
    assert not Organisation.objects.filter(slug="axelera").exists()


def test_real_clusters_have_home_region_and_sectors_and_no_statement(loaded):
    clusters = Organisation.objects.filter(
        kind=Organisation.Kind.CLUSTER, is_illustrative=False, status="verified"
    )
    assert clusters.count() == 11
    assert clusters.filter(home_region__slug="auvergne-rhone-alpes", country="FR").count() == 8
    assert clusters.filter(home_region__slug="malopolska", country="PL").count() == 3
    assert not clusters.exclude(pic=None).exists()
    assert not Statement.objects.filter(organisation__is_illustrative=False).exists()
    assert not ClusterMembership.objects.filter(cluster__in=clusters).exists()
    fields = Sector.objects.filter(organisation__in=clusters)
    assert set(fields.values_list("organisation")) == set(clusters.values_list("pk"))
    assert {
        sector.source.is_illustrative
        for sector in fields.filter(organisation__home_region__slug="auvergne-rhone-alpes")
    } == {True}
    assert "450 members in 2021" in clusters.get(slug="minalogic").description


def test_everything_invented_says_so_and_names_nobody(loaded):
    invented = Organisation.objects.filter(is_illustrative=True)
    assert invented.count() == 27
    for organisation in invented:
        assert organisation.name.endswith("(illustrative)")
        assert organisation.source.is_illustrative
        assert organisation.status == Organisation.Status.VERIFIED
        assert not organisation.website
        assert organisation.pic is None
        said = [organisation.description, *organisation.statements.values_list("text", flat=True)]
        assert not any("@" in text or "+" in text or "http" in text for text in said)
    assert not ClusterMembership.objects.exclude(member__is_illustrative=True).exists()
    assert not ClusterMembership.objects.exclude(cluster__is_illustrative=True).exists()
    assert not Statement.objects.exclude(organisation__is_illustrative=True).exists()


def test_invented_organisations_are_of_many_kinds_and_regions(loaded):
    invented = Organisation.objects.filter(is_illustrative=True)
    homes = list(invented.values_list("home_region__slug", flat=True))
    assert len(set(homes)) >= 8
    assert homes.count("malopolska") >= 4
    assert homes.count("auvergne-rhone-alpes") >= 4
    assert set(invented.values_list("kind", flat=True)) == set(Organisation.Kind) - {"other"}
    for organisation in invented.select_related("nuts3"):
        assert organisation.nuts3.home_region_id == organisation.home_region_id
        assert organisation.latitude == organisation.nuts3.latitude
    clusters = invented.filter(kind=Organisation.Kind.CLUSTER)
    assert [cluster.memberships.count() for cluster in clusters] == [4, 5]


def test_the_first_one_of_malopolska_is_the_most_complete(loaded):
    first = Organisation.objects.filter(
        is_illustrative=True, home_region__slug="malopolska"
    ).order_by("pk")[0]
    assert first.slug == LAB
    counts = {
        organisation.slug: organisation.statements.count()
        for organisation in Organisation.objects.filter(is_illustrative=True)
    }
    assert counts[LAB] == max(counts.values())


def test_three_profiles_are_incomplete_on_purpose(loaded):
    def roles(slug):
        stated = Statement.objects.filter(organisation__slug=slug)
        return set(stated.values_list("role", flat=True))

    assert roles("example-hydrogen-trades-school") == {"offers", "interested"}
    assert roles("example-district-heating") == {"needs", "interested"}
    assert roles("example-young-company") == set()


@pytest.mark.parametrize(("file", "old", "new", "message"), BAD_ROWS)
def test_a_bad_row_is_named_with_file_line_and_reason(
    reference, db, folder, file, old, new, message
):
    replace(folder, file, old, new)
    with pytest.raises(DataFileError) as raised:
        load(folder)
    assert raised.value.file == file.rpartition("/")[2]
    assert message in str(raised.value)


@pytest.mark.parametrize(
    ("file", "old", "new", "changes"),
    [
        ("clusters.csv", "450 members in 2021", "500 members in 2030", EDITED),
        ("illustrative/organisations.csv", ",Tarnów,", ",Bochnia,", EDITED),
        ("illustrative/statements.csv", f"{LAB},offers,hydrogen-value-chain,storage,3", "", None),
        ("illustrative/members.csv", "school,\n", "school,\n", Change()),
    ],
)
def test_an_untouched_profile_follows_its_file(loaded, folder, file, old, new, changes):
    if changes is None:
        lines = (folder / file).read_text().splitlines(keepends=True)
        (folder / file).write_text("".join(line for line in lines if not line.startswith(old)))
        changes = EDITED
    else:
        replace(folder, file, old, new)
    assert load(folder) == changes
    assert load(folder) == Change()


def test_what_was_edited_here_stays(loaded, folder):
    minalogic = Organisation.objects.get(slug="minalogic")
    minalogic.description = "Written by its manager."
    minalogic.status = Organisation.Status.ARCHIVED
    minalogic.save()
    lab = Organisation.objects.get(slug=LAB)
    storage = lab.statements.get(role="offers", concept__code="storage")
    storage.text = "Written by its owner."
    storage.save()
    lab.statements.get(role="needs", concept__code="compression").delete()

    replace(folder, "clusters.csv", "450 members in 2021", "500 members in 2030")
    replace(folder, "clusters.csv", ",Minalogic,Grenoble,", ",Minalogic (cluster),Grenoble,")
    replace(
        folder,
        "illustrative/statements.csv",
        f"{LAB},offers,hydrogen-value-chain,storage,3",
        f"{LAB},offers,hydrogen-value-chain,storage,1",
    )
    load(folder)

    minalogic.refresh_from_db()
    assert minalogic.description == "Written by its manager."
    assert minalogic.status == Organisation.Status.ARCHIVED
    assert minalogic.name == "Minalogic (cluster)"
    storage.refresh_from_db()
    assert (storage.weight, storage.text) == (3, "Written by its owner.")
    assert not lab.statements.filter(role="needs", concept__code="compression").exists()


def test_a_record_from_elsewhere_is_completed_and_not_overwritten(reference, db):
    OrganisationFactory(
        slug="axelera",
        name="AXELERA",
        kind="other",
        description="Its own words.",
        home_region=None,
        country=None,
    )
    load()
    axelera = Organisation.objects.get(slug="axelera")
    assert (axelera.name, axelera.description) == ("AXELERA", "Its own words.")
    assert (axelera.kind, axelera.home_region.slug) == ("cluster", "auvergne-rhone-alpes")
    assert load() == Change()


@pytest.mark.parametrize(("slug", "invented"), [(LAB, False), ("axelera", True)])
def test_a_record_is_never_made_real_or_invented_by_a_load(reference, db, slug, invented):
    OrganisationFactory(slug=slug, is_illustrative=invented)
    with pytest.raises(DataFileError, match=f"slug '{slug}' belongs to"):
        load()


def test_a_sector_whose_source_was_corrected_keeps_it(loaded):
    checked = Source.objects.get(slug="public-source-check")
    Sector.objects.filter(organisation__slug="techtera").update(source=checked)
    assert load() == Change()
    assert Sector.objects.get(organisation__slug="techtera").source == checked
