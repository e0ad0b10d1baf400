"""The sky over a place: sun, moon, shadows, and how bright a picture is."""
