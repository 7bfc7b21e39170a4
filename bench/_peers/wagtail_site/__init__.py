"""A small Wagtail site for measuring: sections with articles, drawn for each request by Wagtail's own `serve`. A Django application of its own, never
installed in the product; `run` sets it up in a process of its own."""
