"""From an article's stored body to the HTML that readers get, and the files that it shows.

`stock_for` reads what pictures and files there are; everything else is pure: the same content and stock give the same bytes. The markup is
that of `snapshots/theme/README.md`; nothing else gets out, whatever was stored.
"""

from __future__ import annotations

from fangtang.articles.rendering.body import Rendered, body, lead_picture
from fangtang.articles.rendering.stock import Asset, Picture, Stock, opened, stock_for

__all__ = ["Asset", "Picture", "Rendered", "Stock", "body", "lead_picture", "opened", "stock_for"]
