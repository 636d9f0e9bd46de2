"""The scoring pad: one encounter after another, scored by key without a rerun.

`component` mounts its script, `items` and `display` give it what to show, `texts` the words.
"""
