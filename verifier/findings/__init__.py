"""What readings, claims and matches mean for a case. Pure over a dossier; opens no media."""
