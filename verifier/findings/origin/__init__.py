"""What last wrote a file, on which device, and whether its build fits its tags."""
