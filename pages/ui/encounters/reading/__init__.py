"""Reading a case: the encounter beside the lost points, each leading to the other.

`panes` mounts the script and gives it what to show. Texts of others only ever enter
the page as text nodes.
"""
