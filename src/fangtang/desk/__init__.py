"""The staff home: worklists, menus, moves between routes."""
