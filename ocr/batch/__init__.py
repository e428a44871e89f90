"""Reads many pictures into as many files: in parallel, resumable, and a bad picture does not stop the rest.

`inputs` finds the pictures and `names` makes the names of outputs; `crew` and its `worker` read them in local
processes, `cluster` on a Dask cluster, both by `reading`; `store` writes files atomically, `manifest` records
what was done, and `run` combines these.
"""
