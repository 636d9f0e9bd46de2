"""The domain: pure functions over frozen dataclasses.

core imports the standard library, PyYAML, Babel, numpy and scipy. It knows no database, no
Streamlit, no clock and no network; `now` and random seeds are arguments.
"""
