"""Serving the public sites straight from the store: a WSGI application in front of Django, with the same answers as `deploy/nginx/`."""

from fangtang.snapshots.serve.app import static_sites

__all__ = ["static_sites"]
