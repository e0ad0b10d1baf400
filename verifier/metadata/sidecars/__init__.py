"""Files that speak of other files: what downloaders, messengers and archives write beside the pictures."""
