"""The page and its HTTP API.

`app` builds the application from `settings`: `connections` limits connections, `guard` rejects requests by
host and origin, `access` checks the token, `uploads` limits bodies, and `pool` manages the processes that
read (`worker`), which do the `tasks` of the routes. What trains while it is watched (`lab`) has a process of
its own, `lab_process`. `schemas` describes requests and responses, and `static` is the page.
"""
