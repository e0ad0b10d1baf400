"""Looking through a case in short rows, by names, words and what is known, without fetching a dossier."""
