"""Languages of the interface: which are offered, by header, by cookie and by address."""

from config import languages


def test_a_language_is_offered_once_its_catalogue_is_there(tmp_path):
    assert languages.offered(tmp_path) == [("en", "English")]
    for code in ("it", "pl"):
        (tmp_path / code / "LC_MESSAGES").mkdir(parents=True)
    (tmp_path / "pl" / "LC_MESSAGES" / "django.po").touch()
    (tmp_path / "it" / "LC_MESSAGES" / "django.mo").touch()
    assert languages.offered(tmp_path) == [("en", "English"), ("it", "Italiano")]
