"""The page on which the application opens, its counts, its menus, and the first steps."""
