"""Builds the committed reference data of the regions from the raw tables of their publishers."""
