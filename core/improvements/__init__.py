"""Actions that are to improve something: their states, and by which months they are judged."""
