"""Many pictures in, as many files out: in parallel, resumable, and no bad one stops the rest.

`inputs` finds the pictures and `names` says what becomes of their names; `crew` and its `worker` read them in
processes of this machine, `cluster` on a Dask cluster, both by `reading`; `store` writes files whole or not
at all, `manifest` keeps what was done, and `command` puts it all together.
"""
