"""What lies inside other files: media in pictures, documents and mail; members and names of broken ZIP archives."""
