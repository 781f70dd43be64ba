"""Files of contacts: real networks of who knows whom, in the formats people keep them in.

An edge list (``a b`` on each line, further columns ignored), a CSV with a heading, or GraphML; any
of them may be packed with gzip. Ties are made undirected, repeats merged and self-loops dropped;
all of it is counted, and the report tells the reader.
"""

from __future__ import annotations

import csv
import gzip
import io
import re
import zlib
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path

import numpy as np

from selforg_sim.engine.contacts import Contacts, contacts_from_pairs, degrees
from selforg_sim.errors import ContactsError

HEADINGS = (("source", "target"), ("from", "to"), ("a", "b"))
NUMBER = re.compile(r"-?[0-9]{1,18}")
FIGURE = re.compile(r"-?[0-9]+(\.[0-9]+)?")
FORMATS = "an edge list (two names or numbers on each line), a CSV with a heading, or GraphML"


@dataclass(frozen=True, slots=True)
class ContactReport:
    """What was found in a file of contacts.

    ``lines_read`` : lines (or GraphML edges) that name a tie.
    ``comments`` : lines that begin with # or %.
    ``merged_duplicates`` : lines that repeat a tie, in either direction.
    ``isolated`` : people without a tie.
    ``gaps`` : whole numbers missing between the smallest and the largest id; 0 where ids are words.
    ``heading`` : the line that was taken as names of columns, or nothing.
    """

    path: str
    format: str
    lines_read: int
    comments: int
    people: int
    ties: int
    self_loops_dropped: int
    merged_duplicates: int
    isolated: int
    gaps: int
    heading: str = ""

    def sentence(self) -> str:
        """The report in words."""
        lines = "edges" if self.format == "GraphML" else "lines"
        found = f"{self.people:,} people with {self.ties:,} ties, from {self.lines_read:,} {lines}"
        parts = [f"{Path(self.path).name} ({self.format}): {found}"]
        counted = (
            (self.merged_duplicates, "repeats of a tie, in either direction, merged"),
            (self.self_loops_dropped, "ties of somebody with himself dropped"),
            (self.isolated, "people without any tie"),
            (self.gaps, "unused numbers between the smallest and the largest id"),
            (self.comments, "lines of comment"),
        )
        parts += [f"{number:,} {text}" for number, text in counted if number]
        if self.heading:
            parts.append(f"the line {self.heading!r} was taken as the heading of columns")
        return "; ".join(parts) + "."


@dataclass(frozen=True, slots=True)
class ContactFile:
    """Contacts read from a file; row ``i`` is the person with ``ids[i]`` in the file.

    Ids that are whole numbers stand in order of number, others in order of text.
    """

    contacts: Contacts
    ids: tuple[str, ...]
    report: ContactReport


@dataclass(slots=True)
class _Found:
    """Ties as they stand in the file: the two ids of each, its line, what else was met."""

    format: str
    a: list[str] = field(default_factory=list)
    b: list[str] = field(default_factory=list)
    lines: array[int] = field(default_factory=lambda: array("q"))
    others: list[str] = field(default_factory=list)
    comments: int = 0
    heading: str = ""

    def add(self, a: str, b: str, line: int) -> None:
        self.a.append(a)
        self.b.append(b)
        self.lines.append(line)


def read_contacts(path: str | PathLike[str]) -> ContactFile:
    """Read a network of contacts from a file.

    Parameters
    ----------
    path : an edge list, a CSV with a heading (source,target or from,to or a,b, else the first two
        columns are taken) or a GraphML file; packed with gzip or not

    Raises
    ------
    ContactsError
        where the file is missing, unreadable, of another kind, or without ties; names file and line

    Examples
    --------
    >>> import pathlib, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder) / "friends.txt"
    ...     _ = path.write_text("# who knows whom\\nanna ben\\nben anna\\nben carla\\n")
    ...     file = read_contacts(path)
    >>> file.ids, file.contacts.other.tolist()
    (('anna', 'ben', 'carla'), [1, 0, 2, 1])
    >>> print(file.report.sentence())
    friends.txt (edge list): 3 people with 2 ties, from 3 lines; 1 repeats of a tie, in either \
direction, merged; 1 lines of comment.
    """
    path = Path(path)
    data = _unpacked(path, _content(path))
    name = path.name.lower().removesuffix(".gz")
    if name.endswith(".graphml") or _is_xml(data):
        found = _read_graphml(path, data)
    else:
        found = _read_text(path, name, _decoded(path, data))
    return _contact_file(path, found)


def _content(path: Path) -> bytes:
    if path.is_dir():
        raise ContactsError(f"{path} is a folder; give the file of contacts in it.")
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise ContactsError(f"There is no file of contacts {path}.") from None
    except OSError as error:
        raise ContactsError(f"The file of contacts {path} cannot be read: {error}.") from error


def _unpacked(path: Path, data: bytes) -> bytes:
    if not data.startswith(b"\x1f\x8b"):
        return data
    try:
        return gzip.decompress(data)
    except (EOFError, OSError, zlib.error) as error:
        raise ContactsError(
            f"{path} is packed with gzip and torn or damaged ({error}); copy or download it again."
        ) from error


def _is_xml(data: bytes) -> bool:
    return data[:80].removeprefix(b"\xef\xbb\xbf").lstrip().startswith((b"<?xml", b"<graphml"))


def _decoded(path: Path, data: bytes) -> str:
    """The text of a file that is no binary junk, in UTF-8."""
    wrong = data.find(b"\0")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        wrong = error.start if wrong < 0 else min(wrong, error.start)
    if wrong < 0:
        return text
    line = data.count(b"\n", 0, wrong) + 1
    raise ContactsError(
        f"{path}, line {line}: not text in UTF-8. Valid are {FORMATS}, packed with gzip or not; "
        "if it is a table, save it from its program as CSV (UTF-8)."
    )


def _read_text(path: Path, name: str, text: str) -> _Found:
    """An edge list or a CSV: the ending says, else a comma in the first word of the first tie."""
    first = next((line for line in io.StringIO(text, newline=None) if _is_content(line)), "")
    word = (first.split() or [""])[0]
    if name.endswith(".tsv"):
        return _read_csv(path, text, "\t")
    if name.endswith(".csv") or "," in word or ";" in word:
        line = first if name.endswith(".csv") else word
        return _read_csv(path, text, max(",;\t", key=line.count))
    return _read_edge_list(path, text)


def _is_content(line: str) -> bool:
    return bool(line.strip()) and line.lstrip()[0] not in "#%"


def _read_edge_list(path: Path, text: str) -> _Found:
    found = _Found("edge list")
    for number, line in enumerate(io.StringIO(text, newline=None), 1):
        parts = line.split(None, 2)
        if not parts:
            continue
        if parts[0][0] in "#%":
            found.comments += 1
        elif len(parts) < 2:
            raise _one_column(path, number, parts[0])
        elif not found.a and not found.heading and _named(parts[:2], HEADINGS[:2]):
            found.heading = line.strip()
        else:
            found.add(parts[0], parts[1], number)
    return found


def _read_csv(path: Path, text: str, delimiter: str) -> _Found:
    found = _Found("CSV")
    columns: tuple[int, int] | None = None
    for number, cells in _csv_lines(path, text, delimiter):
        if not any(cells):
            continue
        if cells[0].startswith(("#", "%")):
            found.comments += 1
            continue
        if len(cells) < 2 or (columns and max(columns) >= len(cells)):
            raise _one_column(path, number, delimiter.join(cells))
        if columns is None:
            columns = _named(cells, HEADINGS) or (0, 1)
            if columns != (0, 1) or not all(FIGURE.fullmatch(cell) for cell in cells[:2]):
                found.heading = delimiter.join(cells)
                continue
        a, b = cells[columns[0]], cells[columns[1]]
        if not a or not b:
            raise ContactsError(
                f"{path}, line {number}: one of the two people is missing "
                f"({delimiter.join(cells)!r}); fill it in or take the line out."
            )
        found.add(a, b, number)
    return found


def _csv_lines(path: Path, text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for cells in reader:
            yield reader.line_num, [cell.strip() for cell in cells]
    except csv.Error as error:
        raise ContactsError(f"{path}, line {reader.line_num}: broken CSV ({error}).") from error


def _named(
    cells: list[str], headings: tuple[tuple[str, str], ...] = HEADINGS
) -> tuple[int, int] | None:
    """Columns of the two people if the cells are a heading that names them."""
    names = [cell.lower() for cell in cells]
    for a, b in headings:
        if a in names and b in names:
            return names.index(a), names.index(b)
    return None


def _one_column(path: Path, line: int, text: str) -> ContactsError:
    return ContactsError(
        f"{path}, line {line}: {text[:60]!r} is only one column; a tie needs the two people it "
        f"joins, such as '12 57'. Valid are {FORMATS}; comments begin with # or %."
    )


def _read_graphml(path: Path, data: bytes) -> _Found:
    from xml.etree import ElementTree

    import networkx as nx

    try:
        graph = nx.read_graphml(io.BytesIO(data), node_type=str)
    except ElementTree.ParseError as error:
        raise ContactsError(
            f"{path}, line {error.position[0]}: broken GraphML ({error}); save or download it anew."
        ) from error
    except (nx.NetworkXException, KeyError, ValueError, TypeError, AttributeError) as error:
        raise ContactsError(f"{path} is not valid GraphML: {error}.") from error
    found = _Found("GraphML")
    found.others = [str(node) for node in graph.nodes]
    for a, b in graph.edges():
        found.add(str(a), str(b), 0)
    return found


def _contact_file(path: Path, found: _Found) -> ContactFile:
    """Number the people and merge the ties."""
    known = {*found.a, *found.b, *found.others}
    words = {each for each in known if not NUMBER.fullmatch(each)}
    if words and found.format != "GraphML":
        _refuse_few_words(path, found, words)
    ids = tuple(sorted(known) if words else sorted(known, key=lambda each: (int(each), each)))
    row = {each: i for i, each in enumerate(ids)}
    a = np.fromiter((row[each] for each in found.a), np.int32, len(found.a))
    b = np.fromiter((row[each] for each in found.b), np.int32, len(found.b))
    contacts = contacts_from_pairs(len(ids), a, b)
    loops, ties = int((a == b).sum()), contacts.other.size // 2
    if not ties:
        raise ContactsError(
            f"{path} has no ties between two people ({len(found.a)} lines with a tie, {loops} of "
            f"them of somebody with himself). Valid are {FORMATS}."
        )
    report = ContactReport(
        path=str(path),
        format=found.format,
        lines_read=len(found.a),
        comments=found.comments,
        people=len(ids),
        ties=ties,
        self_loops_dropped=loops,
        merged_duplicates=len(found.a) - loops - ties,
        isolated=int((degrees(contacts) == 0).sum()),
        gaps=0 if words else _gaps(ids),
        heading=found.heading,
    )
    return ContactFile(contacts, ids, report)


def _gaps(ids: tuple[str, ...]) -> int:
    """Whole numbers between the smallest and the largest that nobody has."""
    return int(ids[-1]) - int(ids[0]) + 1 - len({int(each) for each in ids})


def _refuse_few_words(path: Path, found: _Found, words: set[str]) -> None:
    """Ids may be words; words among ids that are numbers in most lines are surely a mistake."""
    wordy = [k for k, (a, b) in enumerate(zip(found.a, found.b, strict=True)) if {a, b} & words]
    if 2 * len(wordy) >= len(found.a):
        return
    a, b = found.a[wordy[0]], found.b[wordy[0]]
    raise ContactsError(
        f"{path}, line {found.lines[wordy[0]]}: '{a} {b}' has words where most lines have numbers "
        f"({len(wordy):,} of {len(found.a):,} lines have). If the line is a heading or a comment, "
        "let it begin with #; otherwise correct the id or take the line out."
    )
