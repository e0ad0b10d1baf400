"""A dossier becomes pages and documents."""
