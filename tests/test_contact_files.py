"""Files of contacts: every format and every mistake a user can make."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import networkx as nx
import numpy as np
import pytest

from selforg_sim.errors import ContactsError, UsageError
from selforg_sim.scenario.contact_files import ContactFile, read_contacts

REAL = Path(os.environ.get("SELFORG_SHARED", "../shared")) / "data"


def read(folder: Path, content: str | bytes, name: str = "friends.txt") -> ContactFile:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_contacts(path)


def refusal(folder: Path, content: str | bytes, name: str = "friends.txt") -> str:
    with pytest.raises(ContactsError) as caught:
        read(folder, content, name)
    assert name in str(caught.value), "the file is named"
    return str(caught.value)


def pairs(file: ContactFile) -> set[tuple[str, str]]:
    """Each tie once, by the ids in the file."""
    ends = np.repeat(np.arange(len(file.ids)), np.diff(file.contacts.first))
    both = zip(ends, file.contacts.other, strict=True)
    return {(file.ids[a], file.ids[b]) for a, b in both if a < b}


FRIENDS = {("1", "2"), ("2", "10"), ("5", "10")}


class TestFormats:
    @pytest.mark.parametrize(
        "text, name",
        [
            ("1 2\n2 10\n10 5\n", "friends.txt"),
            ("1\t2\n2\t10\n10\t5", "friends.edges"),
            ("  1   2\r\n\r\n2 10\r\n10 5\r\n", "friends"),
            ("# a remark\n% another\n1 2\n 2 10\n# in the middle\n10 5\n", "friends.txt"),
            ("1 2 1082040961\n2 10 1082155839 x\n10 5 1082414391\n", "friends.txt"),
            ("1 2 {'weight': 1, 'since': 3}\n2 10 {}\n10 5 {}\n", "friends.edgelist"),
            ("source target\n1 2\n2 10\n10 5\n", "friends.txt"),
            ("source,target\n1,2\n2,10\n10,5\n", "friends.csv"),
            ('"From","To"\n"1","2"\n"2","10"\n"10","5"\n', "friends.csv"),
            ("a;b\n1;2\n2;10\n10;5\n", "friends.csv"),
            ("weight,target,source\n3,1,2\n3,2,10\n3,10,5\n", "friends.csv"),
            ("ego,alter,year\n1,2,1999\n2,10,1999\n10,5,2000\n\n", "friends.csv"),
            ("1,2\n2,10\n10,5\n", "friends.csv"),
            ("1, 2\n2, 10\n10, 5\n", "friends.txt"),
            ("from\tto\n1\t2\n2\t10\n10\t5\n", "friends.tsv"),
            ("\ufeff1 2\n2 10\n10 5\n", "friends.txt"),
        ],
    )
    def test_the_same_ties(self, tmp_path: Path, text: str, name: str):
        plain = read(tmp_path, text, name)
        assert pairs(plain) == FRIENDS
        assert plain.ids == ("1", "2", "5", "10"), "numbers in order of number"
        assert plain.report.lines_read == plain.report.ties == 3
        packed = read(tmp_path, gzip.compress(text.encode()), name + ".gz")
        assert pairs(packed) == FRIENDS

    @pytest.mark.parametrize("name", ["friends.graphml", "friends.xml", "friends.graphml.gz"])
    def test_graphml(self, tmp_path: Path, name: str):
        graph = nx.DiGraph([("n1", "n2"), ("n2", "n1"), ("n2", "n10"), ("n2", "n2")])
        graph.add_node("alone")
        text = "\n".join(nx.generate_graphml(graph)).encode()
        file = read(tmp_path, gzip.compress(text) if name.endswith("gz") else text, name)
        assert file.report.format == "GraphML"
        assert file.ids == ("alone", "n1", "n10", "n2")
        assert pairs(file) == {("n1", "n2"), ("n10", "n2")}
        assert file.report.isolated == file.report.self_loops_dropped == 1
        assert file.report.merged_duplicates == 1

    def test_ids_may_be_words(self, tmp_path: Path):
        file = read(tmp_path, "Émile zoé\nzoé user7\nuser7 3\n")
        assert file.ids == ("3", "user7", "zoé", "Émile")
        assert file.report.gaps == 0

    def test_words_in_a_csv(self, tmp_path: Path):
        file = read(tmp_path, 'who,whom\n"Lee, Kim",Ana\nAna,Bo\n', "friends.csv")
        assert pairs(file) == {("Ana", "Lee, Kim"), ("Ana", "Bo")}
        assert file.report.heading == "who,whom"
        assert "taken as the heading" in file.report.sentence()

    def test_everything_is_counted(self, tmp_path: Path):
        file = read(tmp_path, "# remark\n1 2\n2 1\n1 2 77\n3 3\n2 10\n")
        report = file.report
        assert (report.lines_read, report.comments, report.people, report.ties) == (5, 1, 4, 2)
        assert (report.self_loops_dropped, report.merged_duplicates) == (1, 2)
        assert (report.isolated, report.gaps) == (1, 6)
        assert report.lines_read == report.ties + report.self_loops_dropped + 2
        sentence = report.sentence()
        assert sentence.startswith("friends.txt (edge list): 4 people with 2 ties, from 5 lines;")
        assert "6 unused numbers" in sentence and "1 people without any tie" in sentence

    def test_order_of_lines_does_not_matter(self, tmp_path: Path):
        lines = [f"{a} {a * 7 % 50}" for a in range(50)]
        first, second = read(tmp_path, "\n".join(lines)), read(tmp_path, "\n".join(lines[::-1]))
        assert first.ids == second.ids
        assert np.array_equal(first.contacts.other, second.contacts.other)

    def test_path_may_be_text(self, tmp_path: Path):
        read(tmp_path, "1 2\n")
        assert read_contacts(str(tmp_path / "friends.txt")).report.ties == 1


class TestMistakes:
    def test_missing_file(self, tmp_path: Path):
        with pytest.raises(ContactsError, match=r"no file of contacts .*nowhere\.txt"):
            read_contacts(tmp_path / "nowhere.txt")

    def test_folder(self, tmp_path: Path):
        with pytest.raises(UsageError, match="is a folder"):
            read_contacts(tmp_path)

    @pytest.mark.parametrize("text", ["", "\n\n", "# only a remark\n", "1 1\n2 2\n"])
    @pytest.mark.parametrize("name", ["friends.txt", "friends.csv"])
    def test_no_ties(self, tmp_path: Path, text: str, name: str):
        assert "no ties" in refusal(
            tmp_path, text.replace(" ", "," if "csv" in name else " "), name
        )

    @pytest.mark.parametrize(
        "text, name",
        [
            ("# x\n1 2\n3\n", "f.txt"),
            ("a,b\n1,2\n3\n", "f.csv"),
            ("x,source,target\n1,2,3\n1,2\n", "f.csv"),
        ],
    )
    def test_one_column(self, tmp_path: Path, text: str, name: str):
        message = refusal(tmp_path, text, name)
        assert "line 3" in message and "only one column" in message

    def test_missing_cell(self, tmp_path: Path):
        assert "line 2: one of the two people is missing" in refusal(tmp_path, "a,b\n1,\n", "f.csv")

    @pytest.mark.parametrize("line", ["7 anna", "12x 3", "1.5 2"])
    def test_words_where_most_ids_are_numbers(self, tmp_path: Path, line: str):
        message = refusal(tmp_path, f"# remark\n1 2\n2 3\n3 4\n{line}\n4 5\noops 9\n")
        assert f"line 5: '{line}' has words" in message
        assert "begin with #" in message and "take the line out" in message

    def test_words_in_a_csv_of_numbers(self, tmp_path: Path):
        assert "line 4: '3 NA'" in refusal(tmp_path, "a,b\n1,2\n2,3\n3,NA\n4,5\n", "f.csv")

    @pytest.mark.parametrize("junk", [b"1 2\n2 3\n\x00\x01\xff\n", b"1 2\n2 3\nJos\xe9 3\n"])
    def test_binary_junk_or_other_encodings(self, tmp_path: Path, junk: bytes):
        assert "line 3: not text in UTF-8" in refusal(tmp_path, junk)

    def test_utf_16(self, tmp_path: Path):
        assert "line 1: not text in UTF-8" in refusal(tmp_path, "1 2\n".encode("utf-16"))

    def test_torn_gzip(self, tmp_path: Path):
        whole = gzip.compress("".join(f"{i} {i + 1}\n" for i in range(999)).encode())
        for part in (whole[:-20], whole[:12], whole[:50] + b"junk" + whole[54:]):
            assert "torn or damaged" in refusal(tmp_path, part, "friends.txt.gz")

    def test_broken_graphml(self, tmp_path: Path):
        text = "\n".join(nx.generate_graphml(nx.path_graph(3)))
        torn = refusal(tmp_path, text[: len(text) // 2], "f.graphml")
        assert "line " in torn and "broken GraphML" in torn
        assert "not valid GraphML" in refusal(tmp_path, "<?xml version='1.0'?><svg/>", "f.xml")
        empty = "\n".join(nx.generate_graphml(nx.empty_graph(3)))
        assert "no ties" in refusal(tmp_path, empty, "f.graphml")

    def test_broken_csv(self, tmp_path: Path):
        assert "broken CSV" in refusal(tmp_path, 'a,b\n"1"x,2\n', "f.csv")


@pytest.mark.parametrize(
    "name, people, ties",
    [
        ("email_eu_core/email-Eu-core.txt", 1005, 16064),
        ("collegemsg/CollegeMsg.txt", 1899, 13838),
    ],
)
def test_real_networks(name: str, people: int, ties: int):
    path = REAL / name
    if not path.exists():
        pytest.skip(f"{path} is not there; set SELFORG_SHARED to the folder with the real data")
    file = read_contacts(path)
    assert (file.report.people, file.report.ties) == (people, ties)
    assert len(file.ids) == people and file.contacts.other.size == 2 * ties
    assert [int(each) for each in file.ids] == sorted(int(each) for each in file.ids)
