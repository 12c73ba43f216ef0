"""What can be wrong with a committed data file."""


class DataFileError(Exception):
    """A bad row of a data file, said with file, line and reason."""

    def __init__(self, file: str, line: int, reason: str) -> None:
        super().__init__(f"{file}, line {line}: {reason}")
        self.file = file
        self.line = line
        self.reason = reason
