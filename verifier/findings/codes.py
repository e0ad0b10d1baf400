"""Words that several checks share, each defined once: what counts as posted, and why a value is not used."""

from __future__ import annotations

# What sidecars say of a moment after which the content cannot have been made, and the act. Capture times are not among
# them. Every check that asks "when was it public" reads this list and no other.
POSTED = {
    "yt-dlp:timestamp": "uploaded",
    "yt-dlp:upload_date": "uploaded",
    "yt-dlp:release_timestamp": "published",
    "yt-dlp:release_date": "published",
    "yt-dlp:epoch": "fetched from the web",
    "telegram:date": "posted on Telegram",
    "telegram:date_local": "posted on Telegram",
    "telegram:edited": "put into its message on Telegram",
    "whatsapp:date": "sent by WhatsApp",
    "takeout:creationTime": "uploaded to Google Photos",
    "auto-archiver:timestamp": "posted",
    "auto-archiver:upload_date": "posted",
    "auto-archiver:_processed_at": "archived",
    "snapchat:date": "saved by Snapchat",
    "meta-export:creation_timestamp": "put on Facebook or Instagram",
    "meta-export:sent": "sent by Messenger or Instagram",
}
EDITED = "telegram:edited"  # the medium can have been exchanged then, so it, and not the date, bounds what is there now
# A service where the medium of a post can be exchanged, so that its date bounds nothing firmly.
SOFT_POSTED = frozenset({"snapchat:date"})

# Why a time that stands there is none of capture.
UNSET, BEFORE_CAMERAS, AFTER_CLOCKS = "unset_clock", "before_cameras", "after_clocks"
NO_DATE, WEEK_ROLLOVER, AFTER_HAND_OVER = "no_date", "week_rollover", "after_hand_over"
OFFSET_UNUSABLE = "offset_unusable"
