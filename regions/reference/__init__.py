"""Loads the committed reference data: countries, NUTS, regions, vocabularies, facts, figures."""

from regions.reference.errors import DataFileError
from regions.reference.load import Loaded, load_reference

__all__ = ["DataFileError", "Loaded", "load_reference"]
