"""Zip and gzip archives, inspected before anything is unpacked, and unpacked in memory only."""

from __future__ import annotations

import gzip
import io
import stat
import zipfile
import zlib
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from data.errors import FileRefusedError
from data.readers.table import InputFile

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_UNPACKED_BYTES = 500 * 1024**2  # in one archive
MAX_RATIO = 100  # unpacked to packed size; above it, an archive counts as a zip bomb
MAX_FILES = 50  # in an archive of data
_MAX_PARTS = 2_000  # in a workbook, which is an archive of sheets, styles and pictures
_HARMLESS_BYTES = 1024**2  # too small for a bomb, whatever the ratio: blank fields compress well

GZIP, ZIP = b"\x1f\x8b", b"PK\x03\x04"
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_ENCRYPTED = 0x1
_CLUTTER = {"__macosx", ".ds_store", "thumbs.db", "desktop.ini"}
_DAMAGE = (
    zipfile.BadZipFile,
    NotImplementedError,
    RuntimeError,
    ValueError,
    EOFError,
    OSError,
    zlib.error,
    KeyError,
)


def limit_unpacked_bytes(packed: int) -> int:
    """Return the most bytes that a file of ``packed`` bytes may unpack to.

    Examples
    --------
    >>> limit_unpacked_bytes(20_000) // 1024, limit_unpacked_bytes(10**9) // 1024**2
    (1953, 500)
    """
    return min(MAX_UNPACKED_BYTES, max(_HARMLESS_BYTES, MAX_RATIO * packed))


class Archive:
    """A zip archive that has passed the safety checks.

    Parameters
    ----------
    source
        The archive.

    Raises
    ------
    FileRefusedError
        If it is damaged, encrypted, too large, has too many files, or a name in it points outside it.

    Attributes
    ----------
    names
        Its files, without folders and the clutter that operating systems add.
    n_bytes
        Total unpacked size.
    """

    def __init__(self, source: InputFile) -> None:
        self._source = source
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(source.content))
        except _DAMAGE as error:
            raise _damaged(source) from error
        if not all(member.filename for member in self._zip.infolist()):
            raise _damaged(source)
        members = [member for member in self._zip.infolist() if not member.is_dir()]
        self.n_bytes = sum(member.file_size for member in members)
        self.names = [member.filename for member in members if not _is_clutter(member.filename)]
        self.is_workbook = "[Content_Types].xml" in self.names or self.names[:1] == ["mimetype"]
        self._refuse_bomb(len(members))
        for member in self._zip.infolist():
            self._refuse_member(member)

    def read(self, name: str) -> bytes:
        """Unpack one of the files.

        Raises
        ------
        FileRefusedError
            If it is damaged.
        """
        try:
            return self._zip.read(name)
        except _DAMAGE as error:
            raise _damaged(self._source) from error

    def pieces(self, name: str, n_bytes: int = 1 << 22) -> Iterator[bytes]:
        """Unpack one of the files piece by piece.

        Raises
        ------
        FileRefusedError
            If it is damaged.
        """
        try:
            with self._zip.open(name) as file:
                while piece := file.read(n_bytes):
                    yield piece
        except _DAMAGE as error:
            if isinstance(error, FileRefusedError):
                raise
            raise _damaged(self._source) from error

    def _refuse_bomb(self, n_files: int) -> None:
        name, most = self._source.name, _MAX_PARTS if self.is_workbook else MAX_FILES
        if n_files > most:
            raise FileRefusedError(
                "{name} is an archive of {n:,} files, more than {most:,}: pack only the table you "
                "want to import.",
                name=name,
                n=n_files,
                most=most,
            )
        limit = limit_unpacked_bytes(len(self._source.content))
        if self.n_bytes > limit:
            raise FileRefusedError(
                "{name} unpacks to {size_mb:,.0f} MB, more than the {limit_mb:,.0f} MB allowed for a "
                "file of its size: split it and import the parts.",
                name=name,
                size_mb=self.n_bytes / 1024**2,
                limit_mb=limit / 1024**2,
            )

    def _refuse_member(self, member: zipfile.ZipInfo) -> None:
        name = self._source.name
        path = PurePosixPath(member.filename.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or ":" in member.filename:
            raise FileRefusedError(
                "{name} contains a file name that points outside the archive: pack it again.", name=name
            )
        if stat.S_ISLNK(member.external_attr >> 16):
            raise FileRefusedError("{name} contains a link to another file: pack the file itself.", name=name)
        if member.flag_bits & _ENCRYPTED:
            raise FileRefusedError("{name} is password-protected: pack it without a password.", name=name)
        if member.compress_type not in _METHODS:
            raise FileRefusedError(
                "{name} is packed in an unsupported way: pack it as a plain zip file.", name=name
            )


def unwrap_file(source: InputFile) -> InputFile:
    """Unwrap a gzip file, or a zip archive that holds a single file which is not an archive itself.

    Parameters
    ----------
    source
        Any file; one that is not wrapped is returned unchanged.

    Raises
    ------
    FileRefusedError
        If it is damaged, unpacks to more than a table may hold, or contains another archive.
    """
    if source.content.startswith(GZIP):
        content = _gunzip(source)
    elif source.content.startswith(ZIP):
        archive = Archive(source)
        if archive.is_workbook or len(archive.names) != 1 or _is_format(archive.names[0]):
            return source
        content = archive.read(archive.names[0])
    else:
        return source
    if content.startswith((GZIP, ZIP)):
        raise FileRefusedError(
            "{name} is an archive inside an archive: unpack it and import the table.", name=source.name
        )
    return InputFile(source.name, content)


def _gunzip(source: InputFile) -> bytes:
    limit = limit_unpacked_bytes(len(source.content))
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(source.content)) as packed:
            content = packed.read(limit + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise FileRefusedError(
            "{name} is a damaged gzip file: export or download it again.", name=source.name
        ) from error
    if len(content) > limit:
        raise FileRefusedError(
            "{name} unpacks to more than {limit_mb} MB: split the table and import the parts.",
            name=source.name,
            limit_mb=limit // 1024**2,
        )
    return content


def _is_format(name: str) -> bool:
    """Check whether a file makes its archive a format of its own: KMZ or a zipped shapefile."""
    return name.lower().endswith((".kml", ".shp"))


def _is_clutter(name: str) -> bool:
    return any(part.lower() in _CLUTTER for part in PurePosixPath(name).parts)


def _damaged(source: InputFile) -> FileRefusedError:
    return FileRefusedError("{name} is a damaged archive: export or download it again.", name=source.name)
