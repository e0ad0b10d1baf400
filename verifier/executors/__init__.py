"""One promise: exactly one outcome per job."""
