"""What people say and conclude, filed as custody events."""
