"""How well suggestions predict real partnerships.

The history before a date, the *split*, builds profiles and index; the truth is every pair of
organisations that worked together for the first time in a project that started on or after it. All
candidates are ranked, by the product's own scoring code and by baselines. Nothing here reads or
writes the database.
"""
