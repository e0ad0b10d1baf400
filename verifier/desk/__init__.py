"""A case in a browser on this computer: pages, pictures and acts over the functions of `workflow`.

What a browser is given cannot hurt who looks or who filmed: only loopback, one token, no bytes of evidence.
"""
