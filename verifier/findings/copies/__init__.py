"""What copies of one recording say of each other: groups, generations, sound, banks."""
