"""What containers of recordings say of themselves: boxes, tracks, tags, telemetry."""
