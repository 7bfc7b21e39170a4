"""`python -m fangtang.snapshots.nginx`: the configuration with its placeholders open, as it lies in `deploy/nginx/`."""

import sys

from fangtang.snapshots.nginx.configuration import nginx_template

sys.stdout.write(nginx_template())
