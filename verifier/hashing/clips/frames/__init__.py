"""Single frames of a clip: hashes, points, content boxes, levels, and how one lies on another."""
