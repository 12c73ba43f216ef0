import pytest

from accounts.slugs import free_slugs, slug_of


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Łódź – Øresund", "lodz-oresund"),
        ("日本", "thing"),
        ("a" * 30, "a" * 20),
        ("  A & B ", "a-b"),
        ("Πανεπιστήμιο", "panepistimio"),
        ("του Πειραιώς", "tou-peiraios"),
        ("Софийски център", "sofiiski-tsentar"),
        ("Київ", "kiiv"),
    ],
)
def test_names_become_words_of_ascii(name, slug):
    assert slug_of(name, longest=20, otherwise="thing") == slug


def test_the_first_free_number_is_taken_and_never_twice():
    asked = []

    def taken(slugs):
        asked.append(slugs)
        return {"a", "b-2", *(f"c-{n}" for n in range(2, 30)), "c"} & set(slugs)

    found = free_slugs(["a", "a", "b", "b", "c", "a-2", "7"], taken)
    assert found == ["a-2", "a-3", "b", "b-3", "c-30", "a-2-2", "7-2"]
    assert len(asked) <= 4


@pytest.mark.parametrize("here", [0, 3_000])
def test_thousands_of_equal_bases_cost_a_few_questions_and_no_more_steps_than_rows(here):
    steps = 0

    class Counted(str):
        __slots__ = ()

        def __format__(self, spec):
            nonlocal steps
            steps += 1
            return str(self)

    asked = []

    def taken(slugs):
        asked.append(slugs)
        return {f"thing-{n}" for n in range(2, here + 2)} & set(slugs)

    found = free_slugs([Counted("thing") for _row in range(5_000)], taken)
    numbers = [here + n if here else n for n in range(2, 5_001)]
    assert found == ["thing", *(f"thing-{n}" for n in numbers)]
    assert len(asked) <= 2
    assert steps <= 40_000
