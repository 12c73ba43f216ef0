"""The component page: every template component in all its states, light beside dark.

An example is one call in the module of its topic (`config/design/examples/`):

    example("badge", "hydrogen", tone="hydrogen", text="hydrogen")

A test fails for a component without one.
"""
