"""The parts of the training pages: who should attend, runs, courses, plan, standing, effects."""
