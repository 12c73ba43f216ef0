"""A saved index that is not of this database is refused before anybody is answered from it."""

import pytest

from matching import index
from matching.outbox import snapshot as snapshots
from matching.outbox.follower import Follower
from matching.outbox.snapshot import IndexNotBuilt
from tests.factories import OrganisationFactory

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_index_of_another_database_is_never_put_in_use(world, settings):
    settings.MATCH_FOLLOWER = "request"
    follower = Follower()
    good = follower.catch_up()
    OrganisationFactory(home_region=world.ara)
    with pytest.MonkeyPatch.context() as elsewhere:
        elsewhere.setattr(snapshots.outbox, "database", lambda cursor: "foreign/1")
        index.build()
    with pytest.raises(IndexNotBuilt, match="another database"):
        follower.catch_up()
    found = follower.snapshot()
    assert found.database == good.database, "within the seconds for which a report is trusted"
