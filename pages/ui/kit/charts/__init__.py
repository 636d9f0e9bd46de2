"""Charts: pure functions from rows to Vega-Lite specifications with a sentence for each."""
