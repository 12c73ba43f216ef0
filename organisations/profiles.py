"""Clusters and illustrative profiles: real clusters by name, invented organisations by label.

Loads what `organisations/data` holds: real clusters with their home region and published or
illustrative fields, and invented organisations that are labelled illustrative everywhere.
"""
