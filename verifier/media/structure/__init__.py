"""The build of files in bytes, before anything is decoded: blocks, boxes, chunks, segments, directories."""
