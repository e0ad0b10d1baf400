"""Which demuxer of FFmpeg a media type calls for; there is no other way for one to be chosen."""

from __future__ import annotations

DEMUXERS: dict[str, str] = {
    "video/mp4": "mov", "video/quicktime": "mov", "video/3gpp": "mov", "video/3gpp2": "mov", "audio/mp4": "mov",
    "video/x-matroska": "matroska", "video/webm": "matroska", "video/x-msvideo": "avi", "video/mp2t": "mpegts",
    "video/mpeg": "mpeg", "video/x-flv": "flv", "video/x-ms-asf": "asf", "audio/x-ms-wma": "asf",
    "application/mxf": "mxf", "video/x-dv": "dv", "video/ogg": "ogg", "audio/ogg": "ogg", "audio/x-wav": "wav",
    "audio/mpeg": "mp3", "audio/aac": "aac", "audio/flac": "flac", "audio/amr": "amr", "audio/amr-wb": "amr",
    "audio/x-aiff": "aiff", "audio/x-caf": "caf", "audio/basic": "au", "audio/ac3": "ac3",
    "video/h264": "h264", "video/h265": "hevc", "video/mpv": "mpegvideo", "video/mp4v-es": "m4v", "video/x-ivf": "ivf",
    "video/x-hikvision": "mpeg", "video/x-dahua": "dhav", "video/x-motion-jpeg": "mjpeg",
}  # fmt: skip


def whitelisted(demuxer: str) -> str:
    """FFmpeg compares its own full name, such as "mov,mp4,m4a,3gp,3g2,mj2", with each word of the list."""
    return {"mov": "mov,mp4,m4a,3gp,3g2,mj2", "matroska": "matroska,webm"}.get(demuxer, demuxer)
