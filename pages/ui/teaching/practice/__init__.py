"""Practice on the page: opening and reading rounds for trainers, taking part for everyone else."""
