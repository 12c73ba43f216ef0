"""Organisations: where they are, how one speaks for them, and what they state."""

from datetime import date
from types import SimpleNamespace as Made
from typing import Any

from config.design.registry import example
from config.design.world import (
    ELECTROLYSIS,
    INVENTED,
    MAKER,
    NOON,
    OFFICIAL,
    PROJECT,
    READER,
    REFORMING,
    UNIVERSITY,
    seen,
)
from organisations.models import Organisation

_STANDING = {"own_role": "", "is_asked": False, "has_owner": False}
_LOGO = Made(digest="0" * 64, width=160, height=48)

example("seat", "with region", organisation=UNIVERSITY)
example(
    "seat",
    "country unknown",
    organisation=seen(UNIVERSITY, home_region=None, country=None, city="Kraków"),
)
for state, standing in (
    ("without an owner", {}),
    ("with an owner", {"has_owner": True}),
    ("asked already", {"is_asked": True}),
    ("in its team", {"own_role": "editor"}),
):
    organisation = seen(UNIVERSITY, **{**_STANDING, **standing})
    example("access_action", state, organisation=organisation)
example(
    "found_organisation",
    "found by name",
    within="li",
    organisation=seen(UNIVERSITY, **_STANDING),
    reasons=None,
)
example(
    "found_organisation",
    "probably the same",
    within="li",
    organisation=seen(MAKER, **_STANDING, short_name="EÉ"),
    reasons=["the same website", "the same town"],
)
for state, reason, reasons, has_owner in (
    ("with the same PIC", "pic", None, True),
    ("with the same VAT number", "vat", None, False),
    ("with the same website", "website", None, False),
    ("for several reasons", "", ["the same website", "a similar name"], True),
):
    example(
        "unlisted_organisation",
        state,
        within="li",
        key="example",
        reason=reason,
        reasons=reasons,
        has_owner=has_owner,
    )
example("logo", "always", organisation=UNIVERSITY, logo=_LOGO)
example(
    "organisation_table",
    "two organisations",
    organisations=[seen(UNIVERSITY, project_count=1_204), seen(MAKER, project_count=0)],
)
_PERSON = Made(name="Anna Example", position="Projects", email="anna@example.org", phone="")
_PRESENCE: dict[str, Any] = {
    "logo": None,
    "people": [],
    "own_role": "",
    "may_edit": False,
    "may_ask": False,
    "is_asked": False,
    "has_owner": False,
}
for state, presence in (
    ("with people to contact", {"people": [_PERSON]}),
    ("for an editor", {"own_role": "editor", "may_edit": True}),
    ("nobody speaks for it yet", {"may_ask": True}),
    ("one may ask to join", {"may_ask": True, "has_owner": True}),
    ("asked already", {"may_ask": True, "is_asked": True}),
):
    example("presence", state, organisation=UNIVERSITY, presence=Made(**{**_PRESENCE, **presence}))

_DECLARED = Made(
    text="Stacks up to 5 MW", trl_from=6, trl_to=8, valid_until=date(2027, 6, 30), has_expired=False
)
_DEMONSTRATED = Made(evidence_count=4, newest_evidence=[PROJECT])
example("statements", "nothing", statements=[])
example(
    "statements",
    "declared beside demonstrated",
    statements=[
        Made(concept=ELECTROLYSIS, declared=_DECLARED, demonstrated=None),
        Made(
            concept=REFORMING,
            declared=Made(text="", trl_from=None, trl_to=None, valid_until=None),
            demonstrated=_DEMONSTRATED,
        ),
    ],
)
for state, has_expired in (("holds still", False), ("expired", True)):
    example(
        "valid_until",
        state,
        statement=Made(valid_until=date(2026, 6, 30), has_expired=has_expired),
    )

_BY = {"by_cluster": "declared-by-cluster", "by_both": "confirmed-by-both"}
for state, source in (
    ("declared by the cluster", Made(slug="declared-by-cluster", is_illustrative=False, title="")),
    ("confirmed by both", Made(slug="confirmed-by-both", is_illustrative=False, title="")),
    ("illustrative", INVENTED),
    ("from elsewhere", OFFICIAL),
):
    example("membership_source", state, membership=Made(source=source), **_BY)

for status in Organisation.Status:
    example(
        "profile_status",
        str(status.value),
        organisation=seen(UNIVERSITY, status=status.value, submitted_at=NOON),
        may_submit=status in {Organisation.Status.DRAFT, Organisation.Status.HELD},
        missing={"website": "a website"} if status == Organisation.Status.DRAFT else {},
    )
example("chosen_by", "by somebody", row=Made(by=READER, created_at=NOON))
example("chosen_by", "by an account that is gone", row=Made(by=None, created_at=NOON))
