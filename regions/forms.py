"""Fields and forms of the administration."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from regions import concepts
from regions.models import Concept, ConceptRelation
from regions.models.places import LANGUAGES, check_labels
from regions.querysets import CONCEPT_LANGUAGES

if TYPE_CHECKING:
    FormOfConcept = forms.ModelForm[Concept]
    FormOfRelation = forms.ModelForm[ConceptRelation]
else:
    FormOfConcept = FormOfRelation = forms.ModelForm

FURTHER_LANGUAGES = (
    "bg", "bs", "ca", "cs", "cy", "da", "el", "et", "eu", "fi", "ga", "gl", "hr", "hu", "is", "lb",
    "lt", "lv", "mk", "mt", "nb", "nl", "nn", "pt", "ro", "sk", "sl", "sq", "sr", "sv", "tr", "uk",
)  # fmt: skip
"""Languages of Europe that are offered besides those of `CONCEPT_LANGUAGES`."""
LONGEST_LABEL = 300


def name_of(language: str) -> str:
    """A language by its own name."""
    if language == "mt":
        # unknown to Django
        return "Malti"
    return str(get_language_info(language)["name_local"]).capitalize()


class LabelsWidget(forms.Widget):
    """An input for each language: the usual ones, and the others behind a fold."""

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        labels: Mapping[str, str] = value if isinstance(value, Mapping) else {}
        others = sorted({*FURTHER_LANGUAGES, *labels} - {*CONCEPT_LANGUAGES} & LANGUAGES)
        given = any(labels.get(language) for language in others)
        return format_html(
            '<div class="labels-field">{}<details{}><summary>{}</summary>'
            "<div>{}</div></details></div>",
            self.inputs(name, labels, CONCEPT_LANGUAGES),
            SafeString(" open") if given else "",
            _("Other languages"),
            self.inputs(name, labels, others),
        )

    def inputs(self, name: str, labels: Mapping[str, str], languages: Any) -> SafeString:
        return format_html_join(
            "\n",
            '<label for="id_{0}_{1}">{2}</label>'
            '<input type="text" name="{0}_{1}" id="id_{0}_{1}" value="{3}" lang="{1}"'
            ' maxlength="{4}"{5}>',
            (
                (
                    name,
                    language,
                    name_of(language),
                    labels.get(language, ""),
                    LONGEST_LABEL,
                    SafeString(" required") if language == "en" else "",
                )
                for language in languages
            ),
        )

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> dict[str, str]:
        given = {language: data.get(f"{name}_{language}") for language in sorted(LANGUAGES)}
        return {language: label for language, label in given.items() if label}

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return not any(f"{name}_{language}" in data for language in LANGUAGES)

    def id_for_label(self, id_: str) -> str:
        return f"{id_}_en"


class LabelsField(forms.Field):
    """Labels by language, in English at least; refused before they come near a row."""

    widget = LabelsWidget
    default_validators = [check_labels]

    def __init__(self, *, encoder: Any = None, decoder: Any = None, **options: Any) -> None:
        super().__init__(**options)

    def to_python(self, value: Any) -> dict[str, str]:
        labels = {language: label.strip() for language, label in (value or {}).items()}
        return {language: label for language, label in labels.items() if label}

    def validate(self, value: dict[str, str]) -> None:
        if "en" not in value:
            raise ValidationError(_("Give a label in English."), code="required")
        for language, label in value.items():
            if len(label) > LONGEST_LABEL:
                raise ValidationError(
                    _("The label in %(language)s is longer than %(limit)s characters.")
                    % {"language": name_of(language), "limit": LONGEST_LABEL}
                )

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool((initial or {}) != self.to_python(data))


class ConceptForm(FormOfConcept):
    """A concept whose place in its vocabulary makes sense."""

    class Meta:
        model = Concept
        fields = ["vocabulary", "code", "labels", "broader", "position", "description"]

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]  # where Django's own forms check their rows
        if not self.errors:
            try:
                concepts.check_broader(self.instance, lock=True)
            except ValidationError as error:
                self.add_error("broader", error)


class ConceptRelationForm(FormOfRelation):
    """A relation that its kind allows."""

    class Meta:
        model = ConceptRelation
        fields = ["kind", "source", "target", "weight", "reason"]

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]  # where Django's own forms check their rows
        if not self.errors:
            try:
                concepts.check_relation(self.instance)
            except ValidationError as error:
                self.add_error("target", error)
