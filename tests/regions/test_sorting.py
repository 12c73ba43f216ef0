"""Names in alphabetical order, the same in Python and in the database."""

import pytest
from django.utils import translation

from regions.models import Country
from regions.sorting import alphabetical, alphabetical_label
from tests.factories import CountryFactory

ORDERS = {
    "pl": ["Chorwacja", "Czechy", "Ćwiartka", "Luksemburg", "Łotwa", "Malta", "Zambia", "Żuławy"],
    "de": ["Oman", "Österreich", "Polen", "Straße", "Strassen"],
    "fr": ["Écosse", "Égypte", "Espagne", "États-Unis", "Île", "Italie"],
    "es": ["Nueva Zelanda", "Nuremberg", "Ñame", "Omán"],
    "en": ["Åland", "Albania", "Łódź", "Loess", "Øresund", "Oslo"],
}


@pytest.mark.parametrize("language", ORDERS)
@pytest.mark.django_db
def test_both_sort_as_the_alphabet_says(language):
    names = ORDERS[language]
    for number, name in enumerate(reversed(names)):
        CountryFactory(code=f"{number:02}", labels={"en": "-", language: name})
    with translation.override(language):
        assert sorted(set(names), key=alphabetical) == names
        assert [
            row.label for row in Country.objects.order_by(alphabetical_label("labels"))
        ] == names


@pytest.mark.django_db
def test_without_a_label_in_the_language_the_english_one_counts():
    CountryFactory(code="02", labels={"en": "Lithuania"})
    CountryFactory(code="01", labels={"en": "-", "pl": "Łotwa"})
    with translation.override("pl"):
        rows = Country.objects.order_by(alphabetical_label("labels"))
        assert [row.pk for row in rows] == ["02", "01"]
