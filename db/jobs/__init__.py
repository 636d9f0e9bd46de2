"""Jobs of the background: asked for, begun, reported on and ended, in the database."""
