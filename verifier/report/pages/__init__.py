"""Pages as blocks, one module a part of the report."""
