"""`verbump workflows`: from what a project is to the files that release it, and what is wrong with those there."""
