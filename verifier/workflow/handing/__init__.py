"""Cases that leave the house and come back: packages that a stranger checks, and two cases made one."""
