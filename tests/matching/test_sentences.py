"""Why, and why not higher, in words: table-driven, from the match alone."""

from decimal import Decimal

import pytest

from matching import services
from matching.results import SIGNALS, Held, InCommon, Match, SignalPart, Term, Unknown
from matching.sentences import missing, sentence, shortfalls
from organisations.models import Organisation
from regions.models import Region

WEIGHT = Decimal("16.00")


def organisation(name, region="Małopolska"):
    return Organisation(
        name=name, short_name=name, slug=name.lower(), home_region=Region(name=region)
    )


NOTHING_HELD = (Held(), Held())


def match(*terms, unknown=(), held=NOTHING_HELD, **in_common):
    parts = tuple(
        SignalPart(
            signal,
            sum((t.points for t in terms if t.signal == signal), Decimal(0)),
            WEIGHT,
            tuple(t for t in terms if t.signal == signal),
            tuple(u for u in unknown if u.signal == signal),
        )
        for signal in SIGNALS
    )
    return Match(
        organisation("Lab"),
        organisation("Maker", "Rhône"),
        sum((part.points for part in parts), Decimal(0)),
        parts,
        held=held,
        in_common=InCommon(**in_common),
    )


def term(signal, subject="", points="2.00", **more):
    return Term(signal, "A label", Decimal(points), subject=subject, **more)


def seeks(concept, side="a", points="2.00", projects=0):
    shown_by = (0, projects) if side == "a" else (projects, 0)
    return term("complementarity", concept, points, side=side, shown_by=shown_by)


SENTENCES = [
    (
        (seeks("hydrogen storage", projects=2),),
        {},
        "You look for hydrogen storage; they offer it, shown by 2 projects.",
        "Lab looks for hydrogen storage; Maker offers it, shown by 2 projects.",
    ),
    (
        (seeks("valves", points="1.00"), seeks("storage", projects=1), seeks("pipes", points="1")),
        {},
        "You look for storage; they offer it, shown by 1 project, and 2 more of your needs.",
        "Lab looks for storage; Maker offers it, shown by 1 project, and 2 more of its needs.",
    ),
    (
        (seeks("storage"), seeks("testing", "b")),
        {},
        "You look for storage; they offer it, as declared in the profile – and in return they "
        "look for testing, which you offer.",
        "Lab looks for storage; Maker offers it, as declared in the profile – and in return "
        "Maker looks for testing, which Lab offers.",
    ),
    (
        (seeks("testing", "b", projects=3), seeks("valves", "b", "1.00")),
        {},
        "They look for testing; you offer it, shown by 3 projects, and 1 more of their needs.",
        "Maker looks for testing; Lab offers it, shown by 3 projects, and 1 more of its needs.",
    ),
    (
        (
            term("shared_priorities", "Both work on the green transition", shown_by=(1, 4)),
            term("track_record", "Institute", "9.00"),
        ),
        {"partners": 3},
        "Both have worked with Institute and 2 others – and both work on the green transition "
        "(shown by projects: 1 of yours, 4 of theirs).",
        "Both have worked with Institute and 2 others – and both work on the green transition "
        "(shown by 1 and 4 projects).",
    ),
    (
        (term("value_chain", "Storage", other_subject="Transport"), seeks("storage")),
        {},
        "You look for storage; they offer it, as declared in the profile – and you cover Storage,"
        " they the neighbouring Transport.",
        "Lab looks for storage; Maker offers it, as declared in the profile – and Lab covers "
        "Storage, Maker the neighbouring Transport.",
    ),
    (
        (term("track_record", "Institute"),),
        {"partners": 1},
        "Both have worked with Institute.",
        "Both have worked with Institute.",
    ),
    (
        (term("track_record"),),
        {"partners": 8},
        "There are 8 partners in common.",
        "There are 8 partners in common.",
    ),
    (
        (term("track_record", points="5.00"), term("track_record", "Institute", "0.30")),
        {"partners": 8},
        "Both have worked with Institute and 7 others.",
        "Both have worked with Institute and 7 others.",
    ),
    (
        (term("regional_fit", "Both regions give priority to hydrogen"),),
        {},
        "Both regions give priority to hydrogen.",
        "Both regions give priority to hydrogen.",
    ),
]


@pytest.mark.parametrize(("terms", "in_common", "to_you", "of_both"), SENTENCES)
def test_one_sentence_says_why(terms, in_common, to_you, of_both):
    found = match(*terms, **in_common)
    assert sentence(found, to_you=True) == to_you
    assert sentence(found) == of_both


def test_only_how_experienced_they_are():
    found = match(
        term("experience", side="a"), held=(Held(recent_projects=3), Held(recent_projects=1))
    )
    assert sentence(found, to_you=True) == (
        "Of recent projects with other regions, you have 3 and they have 1."
    )


def test_nothing_in_common_is_no_sentence():
    assert sentence(match()) == ""


SHORTFALLS = [
    (
        "complementarity",
        {"held": (Held(needs=4, offers=1), Held(needs=1, offers=9)), "met": (2, 0)},
        "You need 4 things, they offer 2 of them; they need 1 thing, you offer none of it.",
        "Lab needs 4 things, Maker offers 2 of them; Maker needs 1 thing, Lab offers none of it.",
    ),
    (
        "complementarity",
        {"held": (Held(needs=2, offers=0), Held(needs=3, offers=9)), "met": (2, 0)},
        "You need 2 things, they offer all of it.",
        "Lab needs 2 things, Maker offers all of it.",
    ),
    (
        "complementarity",
        {"held": (Held(), Held()), "met": (0, 0)},
        "",
        "",
    ),
    (
        "shared_priorities",
        {"held": (Held(interests=5), Held(interests=7)), "interests": 3},
        "3 interests in common; more of them, and more projects about them on both sides, would"
        " bring more.",
        "3 interests in common; more of them, and more projects about them on both sides, would"
        " bring more.",
    ),
    (
        "shared_priorities",
        {"held": (Held(interests=5), Held(interests=7))},
        "You have no interest in common.",
        "They have no interest in common.",
    ),
    (
        "value_chain",
        {},
        "No segment of yours is next to one of theirs in the value chain.",
        "No segment of Lab is next to one of Maker in the value chain.",
    ),
    (
        "value_chain",
        {"neighbours": 2},
        "2 pairs of neighbouring segments; more pairs would bring more.",
        "2 pairs of neighbouring segments; more pairs would bring more.",
    ),
    (
        "track_record",
        {},
        "You have never worked with the same partner.",
        "They have never worked with the same partner.",
    ),
    (
        "track_record",
        {"partners": 1},
        "1 partner in common; more of them, and more joint projects with them, would bring more.",
        "1 partner in common; more of them, and more joint projects with them, would bring more.",
    ),
    (
        "regional_fit",
        {},
        "No priority, network or project on record joins Małopolska and Rhône.",
        "No priority, network or project on record joins Małopolska and Rhône.",
    ),
    (
        "regional_fit",
        {"regional": 1},
        "1 priority, network or project history joins Małopolska and Rhône; more would bring more.",
        "1 priority, network or project history joins Małopolska and Rhône; more would bring more.",
    ),
    (
        "experience",
        {"held": (Held(recent_projects=3), Held(recent_projects=12))},
        "Of recent projects with other regions, you have 3 and they have 12.",
        "Of recent projects with other regions, Lab has 3 and Maker has 12.",
    ),
]


@pytest.mark.parametrize(("signal", "facts", "to_you", "of_both"), SHORTFALLS)
def test_each_signal_says_why_it_gave_no_more(signal, facts, to_you, of_both):
    found = match(**facts)
    assert {s.part.signal: s.why for s in shortfalls(found, to_you=True)}[signal] == to_you
    assert {s.part.signal: s.why for s in shortfalls(found)}[signal] == of_both


MISSING = ["needs", "offers", "interests", "segments", "projects"]


@pytest.mark.parametrize("side", ["a", "b"])
@pytest.mark.parametrize(
    "missed", [*(f"no_{what}" for what in MISSING), "region_unknown", "no_record"]
)
def test_what_is_missing_is_said_to_the_right_side(missed, side):
    item = Unknown("value_chain", "Lab lacks it", Decimal("5.00"), side=side, missing=missed)
    found = match(unknown=[item])
    assert missing(item, found) == "Lab lacks it"
    said = missing(item, found, to_you=True)
    assert said.startswith("you" if side == "a" else "the")
    (short,) = (s for s in shortfalls(found, to_you=True) if s.part.signal == "value_chain")
    assert short.unknown == ((said[0].upper() + said[1:], Decimal("5.00"), ""),)
    assert short.why == "", "what is missing is not said twice"


def test_where_nothing_is_exchanged_yet_the_half_that_needs_both_directions_is_told():
    lacks = Unknown("complementarity", "Lab lists no needs yet", Decimal("4.00"), "a", "no_needs")
    why = {s.part.signal: s.why for s in shortfalls(match(unknown=[lacks]))}
    said = "Half of these points are for pairs in which each side meets needs of the other."
    assert why["complementarity"] == said
    found = match(seeks("storage"), unknown=[lacks])
    assert {s.part.signal: s.why for s in shortfalls(found)}["complementarity"] == ""


def test_the_greatest_loss_comes_first_and_full_marks_are_no_loss():
    found = match(term("experience", points="16.00"), term("track_record", points="15.00"))
    signals = [short.part.signal for short in shortfalls(found)]
    assert "experience" not in signals
    assert signals[-1] == "track_record"
    assert sum(short.part.lost for short in shortfalls(found)) == 6 * WEIGHT - found.score


def test_a_real_match_tells_what_the_database_holds(world):
    best = services.suggestions_for(organisation=world.lab)[0]
    assert sentence(best, to_you=True).startswith(
        "You look for Storage; they offer it, as declared in the profile – and "
    )
    why = {short.part.signal: short.why for short in shortfalls(best, to_you=True)}
    assert why["complementarity"] == "You need 1 thing, they offer all of it."
    assert why["shared_priorities"].startswith("1 interest in common; ")
    assert why["track_record"].startswith("2 partners in common;")
    assert best.held[0].recent_projects == best.held[1].recent_projects == 1


@pytest.mark.parametrize(
    ("missed", "side", "url"),
    [
        ("no_needs", "a", "/organisations/lab/profile/needs/#search"),
        ("no_segments", "a", "/organisations/lab/profile/chain/#segments"),
        ("region_unknown", "a", "/organisations/lab/profile/who/#where"),
        ("no_record", "a", ""),
        ("no_needs", "b", ""),
    ],
)
def test_editors_are_led_to_what_their_profile_lacks(missed, side, url):
    item = Unknown("value_chain", "Lab lacks it", Decimal("5.00"), side=side, missing=missed)
    found = match(unknown=[item])
    for may_edit in (True, False):
        shown = shortfalls(found, to_you=True, may_edit=may_edit)
        (short,) = (s for s in shown if s.part.signal == "value_chain")
        assert short.unknown[0][2] == (url if may_edit else "")
