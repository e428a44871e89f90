"""The page and its HTTP API.

`app` puts the application together from `settings`: `guard` decides who is answered, `uploads` how much may
be sent, `pool` keeps the processes that read (`worker`), which do the `tasks` that the routes hand them.
`schemas` says what goes over the wire, `static` is the page, and `command` is ``ocr serve``.
"""
