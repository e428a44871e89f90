"""The page and its HTTP API.

`app` puts the application together from `settings`: `connections` bounds who is listened to, `guard` decides
who is answered, `access` asks for the token, `uploads` bounds how much may be sent, and `pool` keeps the
processes that read (`worker`), which do the `tasks` that the routes hand them. `schemas` says what goes over
the wire, `static` is the page, and `command` is ``ocr serve``.
"""
