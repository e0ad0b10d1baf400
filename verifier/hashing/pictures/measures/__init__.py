"""What is measured on two pictures laid on one another: agreement, changes, writing, tones, shapes."""
