"""The nginx configuration that serves the same store with the same answers, and the table of moved addresses in nginx's own form.

`deploy/nginx/README.md` tells how to use it and why it is written as it is.
"""

from fangtang.snapshots.nginx.configuration import nginx_config, nginx_template
from fangtang.snapshots.nginx.moves import MOVES_FILE, moves_map, write_moves

__all__ = ["MOVES_FILE", "moves_map", "nginx_config", "nginx_template", "write_moves"]
