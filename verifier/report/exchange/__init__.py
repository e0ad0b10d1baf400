"""Tables, timelines and archives in the forms of other people's tools: records in, bytes out."""
