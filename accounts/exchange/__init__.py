"""Tables of the administration pages as files: taken out, looked at before they come in, and
brought in as a whole or not at all.

`reading` and `writing` know files, `columns` and `rows` know models, `keeping` holds a file from
its preview to the confirmation, and `admin` is the pages. How each table looks is said in the
``exchange`` modules of the rooms.
"""
