"""The list of files: remaining time as a bar with a word, on a phone a card for each."""
