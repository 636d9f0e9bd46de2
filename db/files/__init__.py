"""Files as stored: problems, complaints, work orders and the like, with their events."""
