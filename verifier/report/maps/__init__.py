"""Maps and map files: what is drawn, GeoJSON, KML, SVG."""
