"""From files and folders to documents: the article, and files that cannot be read."""

import os
import sys
from pathlib import Path
from typing import Any

import pytest

from qa import loaders
from qa.config import default_corpus
from qa.errors import DocumentError, EmptyDocument, MissingExtra, UndecodableText, UnsupportedFormat
from qa.loaders.split import split

# The article


def test_the_raw_page_gives_the_paragraphs_of_the_markdown(data: Path) -> None:
    raw = split(loaders.load_file(data / "article-raw.txt"))
    clean = split(loaders.load_file(default_corpus() / "article.md"))
    assert [(one.text, one.kind, one.section) for one in raw] == [
        (one.text, one.kind, one.section) for one in clean
    ]


@pytest.mark.parametrize("name", ["article-raw.txt", "article.md"])
def test_the_article_has_its_title_byline_and_headings_and_no_furniture(
    name: str, data: Path
) -> None:
    folder = data if name == "article-raw.txt" else default_corpus()
    document = loaders.load_file(folder / name)
    assert document.title == "以科技为媒绘就普惠生态美景!金融机构保障3亿新市民金融服务畅通"
    found = split(document)
    assert [one.text for one in found if one.kind != "text"] == [
        document.title,
        "2022年05月23日 16:52 柒财经",
        "利用科技力量 多维度评估新市民信用水平",
        "开辟行业新蓝海 落实“金融为民”服务宗旨",
    ]
    texts = [one.text for one in found]
    assert texts.count(document.title) == 1
    assert not {"01", "02"} & set(texts)
    assert not any("新浪首页" in text or "自媒体联盟" in text for text in texts)
    assert texts[2].startswith("“独在异乡为异客")
    assert texts[-1].endswith("内蒙古锡林浩特的理疗师等。")


# Files and folders


def test_files_that_cannot_be_read_are_named_and_the_others_loaded(tmp_path: Path) -> None:
    (tmp_path / "good.txt").write_text("新市民是什么?", encoding="utf-8")
    (tmp_path / "empty.txt").write_bytes(b"")
    (tmp_path / "blank.md").write_text(" \n\u3000\n---\n", encoding="utf-8")
    (tmp_path / "picture.txt").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\xff\xfe\0")
    (tmp_path / "slides.ppt").write_bytes(b"PK\3\4")
    (tmp_path / "README").write_text("甲。", encoding="utf-8")
    loaded = loaders.load_paths([tmp_path, tmp_path / "absent.txt"])
    assert [document.id for document in loaded.documents] == ["good.txt"]
    absent = str(tmp_path / "absent.txt")
    problems = {problem.source: problem for problem in loaded.problems}
    assert {name: type(problem) for name, problem in problems.items()} == {
        "README": UnsupportedFormat,
        absent: DocumentError,
        "blank.md": EmptyDocument,
        "empty.txt": EmptyDocument,
        "picture.txt": UndecodableText,
        "slides.ppt": UnsupportedFormat,
    }
    assert str(problems[absent]) == f"{absent}: there is no such file or folder; check the path"
    assert "'.ppt'" in str(problems["slides.ppt"])
    assert "save it as .pptx" in str(problems["slides.ppt"])
    assert "expected one of .txt" in str(problems["README"])
    assert "'(none)'" in str(problems["README"])
    assert "at least one sentence" in str(problems["empty.txt"])


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("a.doc", "save it as .docx"),
        ("a.XLS", "save it as .xlsx"),
        ("a.wps", "save it as .docx"),
        ("a.jpg", r"a picture; run text recognition \(OCR\)"),
        ("a.png", r"a picture; run text recognition \(OCR\)"),
    ],
)
def test_what_cannot_be_read_is_named_with_what_to_do(
    name: str, words: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(b"\xd0\xcf\x11\xe0")
    with pytest.raises(UnsupportedFormat, match=words):
        loaders.load_file(tmp_path / name)


@pytest.mark.parametrize(("kind", "module"), [("xlsx", "openpyxl"), ("pptx", "pptx")])
def test_a_missing_package_of_an_office_file_is_named(
    kind: str, module: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / f"a.{kind}").write_bytes(b"PK")
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingExtra, match=rf"pip install 'article-qa\[{kind}\]'"):
        loaders.load_file(tmp_path / f"a.{kind}")


def test_a_path_with_a_nul_character_is_named(tmp_path: Path) -> None:
    (tmp_path / "good.txt").write_text("新市民是什么?", encoding="utf-8")
    loaded = loaders.load_paths(["bad\0name.txt", tmp_path])
    assert len(loaded.documents) == len(loaded.problems) == 1


@pytest.mark.parametrize("text", ["渡口的木船" * 200, "第一段。\n\n" * 5_000, "a" * 100_000])
def test_a_text_given_as_a_path_is_told_to_be_none(text: str) -> None:
    (problem,) = loaders.load_paths([text]).problems
    assert "there is no such file or folder; check the path" in str(problem)
    assert len(str(problem)) < 300


def test_a_link_to_nowhere_is_named(tmp_path: Path) -> None:
    (tmp_path / "good.txt").write_text("新市民是什么?", encoding="utf-8")
    (tmp_path / "link.txt").symlink_to(tmp_path / "gone")
    loaded = loaders.load_paths([tmp_path / "link.txt", tmp_path / "good.txt"])
    assert [Path(problem.source).name for problem in loaded.problems] == ["link.txt"]
    assert [document.source for document in loaded.documents] == ["good.txt"]


def test_a_folder_is_read_with_all_below_in_a_stable_order(tmp_path: Path) -> None:
    for name in ("b.txt", "a/乙.md", "a/甲.TXT", ".hidden.txt", ".git/c.txt", "questions.jsonl"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"这是{name}。", encoding="utf-8")
    loaded = loaders.load_paths([tmp_path])
    assert [document.source for document in loaded.documents] == ["a/乙.md", "a/甲.TXT", "b.txt"]
    assert loaded.problems == ()


def write(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"这是{name}。", encoding="utf-8")


def sources(folder: Path) -> list[str]:
    return [document.source for document in loaders.load_paths([folder]).documents]


@pytest.mark.parametrize("place", ["idx", "深/处", "."])
@pytest.mark.parametrize("manifest", ["manifest.json", "unfinished.json"])
def test_an_index_inside_a_folder_is_not_read_as_articles(
    place: str, manifest: str, tmp_path: Path
) -> None:
    write(
        tmp_path, "甲.txt", f"{place}/乙.txt", "data-20240101/丙.txt", "data-20240101/manifest.json"
    )
    before = loaders.load_paths([tmp_path])
    index = tmp_path / place
    write(index, manifest, "data-0a1b2c3d/documents.jsonl", "data-0a1b2c3d/embeddings.npy")
    assert loaders.load_paths([tmp_path]).documents == before.documents
    assert [str(one) for one in loaders.load_paths([tmp_path]).problems] == list(
        map(str, before.problems)
    )


def test_linked_folders_are_read_once_and_circles_end(tmp_path: Path) -> None:
    folder, other = tmp_path / "文章", tmp_path / "别处"
    write(folder, "丙.txt", "真/乙.txt")
    write(other, "甲.txt", "下/丁.txt")
    (folder / "通知").symlink_to(other)
    (folder / "先").symlink_to(folder / "真")
    (other / "回").symlink_to(folder)
    assert sources(folder) == ["丙.txt", "真/乙.txt", "通知/下/丁.txt", "通知/甲.txt"]
    (tmp_path / "入口").symlink_to(folder)
    assert sources(tmp_path / "入口") == sources(folder)


def test_links_to_nowhere_in_a_folder_are_told(tmp_path: Path) -> None:
    write(tmp_path, "甲.txt")
    (tmp_path / "乙.txt").symlink_to(tmp_path / "gone")
    (tmp_path / ".#甲.txt").symlink_to("an-editor@holds-it")
    loaded = loaders.load_paths([tmp_path])
    assert [Path(problem.source).name for problem in loaded.problems] == ["乙.txt"]
    assert [document.source for document in loaded.documents] == ["甲.txt"]


@pytest.mark.parametrize("place", ["锁", "."])
def test_a_folder_that_may_not_be_read_is_told(
    place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, "甲.txt", "锁/乙.txt")
    really, locked = os.scandir, tmp_path / place

    def refuse(path: Any) -> Any:  # noqa: ANN401
        if Path(path) == locked:
            raise PermissionError(13, "Permission denied", str(path))
        return really(path)

    monkeypatch.setattr(os, "scandir", refuse)
    loaded = loaders.load_paths([tmp_path])
    (problem,) = loaded.problems
    assert (problem.source, problem.problem) == (
        locked.name,
        "cannot be opened (Permission denied)",
    )
    assert [one.source for one in loaded.documents] == (["甲.txt"] if place == "锁" else [])


def test_files_of_the_same_name_get_ids_of_their_own(tmp_path: Path) -> None:
    for folder in ("one", "two", "three"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "same.txt").write_text(f"在{folder}。", encoding="utf-8")
    paths = [tmp_path / folder for folder in ("one", "two", "three")]
    documents = loaders.load_paths(paths).documents
    assert len({document.id for document in documents}) == 3
    assert [document.text for document in documents] == ["在one。", "在two。", "在three。"]


def test_a_file_given_twice_is_read_once(tmp_path: Path) -> None:
    folder = tmp_path / "文章"
    write(folder, "甲.txt")
    (tmp_path / "链接").symlink_to(folder)
    again = [
        folder / "甲.txt",
        folder / ".." / "文章",
        tmp_path / "链接",
        f"{folder}/../文章/甲.txt",
    ]
    assert len(loaders.load_paths([folder, *again]).documents) == 1


def test_a_bad_line_behind_a_record_of_a_heading_alone_costs_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "<h1>通知</h1>"}\n{\n{"text": "今天放假。"}', encoding="utf-8")
    loaded = loaders.load_paths([path])
    assert [one.id for one in loaded.documents] == ["a.jsonl#1", "a.jsonl#3"]
    assert [str(one).split(" it")[0] for one in loaded.problems] == ["a.jsonl: line 2:"]


def test_names_are_unused_ones_and_soon_found() -> None:
    names = loaders.Names()
    given = ["甲", "甲 (2)", "甲", "甲", "甲 (2)", "乙"]
    assert [names.take(name) for name in given] == [
        *("甲", "甲 (2)", "甲 (3)", "甲 (4)", "甲 (2) (2)", "乙"),
    ]
    # Counted from 2 every time these would be two hundred million.
    assert [names.take("甲") for _ in range(20_000)][-1] == "甲 (20004)"


def test_a_file_of_several_documents_gives_them_all_and_no_single_one(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text('[{"text": "甲。"}, {"text": "乙。"}]', encoding="utf-8")
    assert [one.id for one in loaders.load_paths([path]).documents] == ["a.json#1", "a.json#2"]
    with pytest.raises(DocumentError, match="holds 2 documents; load it with load_paths"):
        loaders.load_file(path)


@pytest.mark.parametrize(
    ("name", "module", "extra"),
    [
        ("portal-gb18030.html", "lxml.etree", "html"),
        ("hand-made.epub", "lxml.etree", "epub"),
        ("pandoc.docx", "docx", "docx"),
        ("chromium.pdf", "pypdfium2", "pdf"),
    ],
)
def test_a_missing_package_is_named_with_its_pip_line_and_the_others_are_loaded(
    name: str, module: str, extra: str, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    documents = data / "documents"
    with pytest.raises(MissingExtra, match=rf"pip install 'article-qa\[{extra}\]'"):
        loaders.load_file(documents / name)
    loaded = loaders.load_paths([documents / name, documents / "old-street.md"])
    assert [one.source for one in loaded.documents] == ["old-street.md"]
    (problem,) = loaded.problems
    assert problem.source == name
    assert f"pip install 'article-qa[{extra}]'" in str(problem)


def test_what_is_no_file_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    (problem,) = loaders.load_paths([tmp_path / "pipe.txt"]).problems
    assert "it is no file" in str(problem)


def test_a_file_of_200_megabytes_is_refused_unread(tmp_path: Path) -> None:
    with (tmp_path / "large.txt").open("wb") as file:
        file.truncate(200 * 2**20)
    (problem,) = loaders.load_paths([tmp_path]).problems
    assert str(problem) == (
        "large.txt: it has 200 MB, at most 100 MB are read; cut it into smaller files"
    )


def test_a_text_longer_than_a_document_is_refused(tmp_path: Path) -> None:
    (tmp_path / "long.txt").write_text("甲。\n" * 3_500_000, encoding="utf-8")
    (problem,) = loaders.load_paths([tmp_path]).problems
    assert "10,500,000 characters, at most 10,000,000" in str(problem)


@pytest.mark.parametrize("kind", ["txt", "md", "html", "jsonl", "csv"])
def test_blank_lines_without_end_are_no_text(kind: str, tmp_path: Path) -> None:
    (tmp_path / f"blank.{kind}").write_bytes(b"\n" * 200_000)
    (problem,) = loaders.load_paths([tmp_path]).problems
    assert isinstance(problem, EmptyDocument)


def test_a_text_in_memory_goes_by_its_name() -> None:
    document = loaders.from_text("某/名", "没有题目,只有内容。")
    assert (document.id, document.source, document.title) == ("某/名", "某/名", "某/名")


@pytest.mark.parametrize("text", ["", " \n", "————————", "*****\n\n…………。"])
def test_a_text_without_letters_or_digits_is_empty(text: str) -> None:
    with pytest.raises(EmptyDocument, match=r"^空: "):
        loaders.from_text("空", text)
