"""How positions are written: angles, grids, codes and links of maps, and where in a text they stand."""
