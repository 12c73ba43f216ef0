import pytest

from accounts.slugs import free_slugs, slug_of


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Łódź – Øresund", "lodz-oresund"),
        ("日本", "thing"),
        ("a" * 30, "a" * 20),
        ("  A & B ", "a-b"),
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
