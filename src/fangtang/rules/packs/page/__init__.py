"""Links and page: what a page promises and does not keep."""
