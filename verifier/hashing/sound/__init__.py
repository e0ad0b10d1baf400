"""Sound alike: landmarks of a spectrogram, lined up in time."""
