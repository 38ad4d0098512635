"""The address links in mail lead to: what a browser of the member's can reach."""

from __future__ import annotations


def site_address(hosts: str, *, tls: bool, port: int) -> str:
    """Without a slash at the end. hosts: as CARDLINE_HOSTS has them; the first is the one people are shown.

    Without a proxy that speaks TLS the product is on this machine only, and so is the address.
    """
    first = next(filter(None, hosts.split(",")), "")
    if tls and first:
        return f"https://{first}"
    return f"http://localhost:{port}"
