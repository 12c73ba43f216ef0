"""Files compressed with xz, read within a bound of memory."""

import io
import lzma
from typing import IO

# xz -9 needs 65 MiB to read; a file may ask for up to 4 GiB.
MOST_MEMORY = 128 * 2**20
CHUNK = 64 * 1024


class XzStream(io.RawIOBase):
    """The content of an xz file of one or more streams.

    ``lzma.open`` has no bound of memory. Reading raises LZMAError where a stream asks for more
    than ``MOST_MEMORY`` bytes or is damaged, and EOFError where it is cut off.
    """

    def __init__(self, raw: IO[bytes]) -> None:
        self._raw = raw
        self._stream = lzma.LZMADecompressor(memlimit=MOST_MEMORY)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview, /) -> int:  # type: ignore[override]  # BufferedReader
        data = self._read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def _read(self, most: int) -> bytes:
        data = b""
        while not data:
            if self._stream.eof:
                # zeros may stand between streams and after the last one
                chunk = self._stream.unused_data.lstrip(b"\0")
                while not chunk:
                    if not (read := self._raw.read(CHUNK)):
                        return b""
                    chunk = read.lstrip(b"\0")
                self._stream = lzma.LZMADecompressor(memlimit=MOST_MEMORY)
            else:
                chunk = self._raw.read(CHUNK) if self._stream.needs_input else b""
                if self._stream.needs_input and not chunk:
                    raise EOFError("the compressed data is cut off")
            data = self._stream.decompress(chunk, most)
        return data
