"""Where pages of HTML get their templates: everything is escaped, and a name that is not there is an error."""

from __future__ import annotations

import jinja2


def environment(package: str) -> jinja2.Environment:
    """The templates of a package's folder `templates`."""
    return jinja2.Environment(
        loader=jinja2.PackageLoader(package, "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
