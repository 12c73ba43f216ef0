"""Organisations, projects and participations from CORDIS, the EU's register of research projects.

``folder`` recognises the format; ``reading`` reads records with their true line numbers;
``values`` checks and converts them; ``tables`` and ``downloads`` turn the two formats into the
same staged rows; ``staging`` streams these into temporary tables; ``organisations``, ``projects``
and ``participations`` bring the lasting tables up to date; ``report`` counts it all.
"""
