"""The list of cases: score, station, what was lost, first words; by mouse or by key."""
