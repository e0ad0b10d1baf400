"""Names of Exif tags: ExifRead's tables, with the standard's own spelling and the tags that those tables lack."""

from __future__ import annotations

from exifread.tags.exif import EXIF_TAGS, GPS_TAGS, INTEROP_TAGS

_MORE = {
    0x00FE: "SubfileType", 0x4749: "RatingPercent", 0x8649: "PhotoshopSettings",
    0x8831: "StandardOutputSensitivity", 0x8834: "ISOSpeedLatitudeyyy", 0x8835: "ISOSpeedLatitudezzz",
    0x9400: "AmbientTemperature", 0x9401: "Humidity", 0x9402: "Pressure", 0x9403: "WaterDepth",
    0x9404: "Acceleration", 0x9405: "CameraElevationAngle", 0xA436: "ImageTitle", 0xA437: "Photographer",
    0xA438: "ImageEditor", 0xA439: "CameraFirmware", 0xA43A: "RAWDevelopingSoftware",
    0xA43B: "ImageEditingSoftware", 0xA43C: "MetadataEditingSoftware", 0xA460: "CompositeImage",
    0xA461: "CompositeImageCount", 0xC612: "DNGVersion", 0xC613: "DNGBackwardVersion", 0xC614: "UniqueCameraModel",
    0xC615: "LocalizedCameraModel", 0xC62F: "CameraSerialNumber", 0xC630: "DNGLensInfo", 0xC634: "DNGPrivateData",
    0xC65D: "RawDataUniqueID", 0xC68B: "OriginalRawFileName", 0xC716: "PreviewApplicationName",
    0xC717: "PreviewApplicationVersion", 0xC71B: "PreviewDateTime", 0xC7A1: "CameraLabel", 0xCD41: "C2PA",
}  # fmt: skip

_GPS = {number: entry[0] for number, entry in GPS_TAGS.items()} | {0x1D: "GPSDateStamp", 0x1F: "GPSHPositioningError"}
_INTEROP = {number: entry[0] for number, entry in INTEROP_TAGS.items()}
_EXIF = _MORE | {number: entry[0] for number, entry in EXIF_TAGS.items()}
_TABLES = {"GPS": _GPS, "Interop": _INTEROP}


def tag_name(directory: str, tag: int) -> str:
    """The tag's name in that directory, or its number."""
    return _TABLES.get(directory, _EXIF).get(tag) or f"0x{tag:04X}"
