"""A photo within a video, and a video's frame that became a photo."""
