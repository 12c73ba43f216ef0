"""What organisations make of their suggestions: partners saved or dismissed, and regions and
kinds of organisations that they do not look for.

`models` keep it, undone choices too, for later learning; `choices` is how pages, the API and the
administration write it: ``choices.dismiss(organisation=…, other=…, reason=…, by=…)``; `hidden`
says what is left out of a list of suggestions, and for whom.
"""
