"""What can be wrong with an import."""


class FolderError(Exception):
    """The folder as a whole cannot be imported: files or columns that it needs are not there."""


class RowError(Exception):
    """One row cannot be imported; the message is the reason, to be read after file and line."""
