"""Opening hostile bytes safely: the only home of av, PIL, ffmpeg and of cv2 where it decodes."""
