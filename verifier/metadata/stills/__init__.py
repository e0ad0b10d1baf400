"""What the formats of still pictures say of themselves: markers, chunks, tables, dimensions."""
