"""Records and archives, by programs that people take them out of databases and websites with."""

import csv
import io
import json
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

from support.originals import FOLDER, original, run

ARTICLES = ("night-market", "greenhouse", "old-street")
CHINESE = {"title": "标题", "date": "发布时间", "source": "来源", "body": "正文"}
NODE = """
const { readFileSync, writeFileSync } = require("fs");
const [from, list, lines] = process.argv.slice(2);
const records = JSON.parse(readFileSync(from));
const rows = records.map((one, n) => ({ aid: n, headline: one.title, pubDate: one.date,
  author: one.source, paragraphs: one.body.split("\\n") }));
writeFileSync(list, JSON.stringify({ code: 0, msg: "", data: { total: rows.length, list: rows } }));
writeFileSync(lines, "\\ufeff" + rows.map((row) => JSON.stringify(row) + "\\r\\n").join(""));
"""
# What many a website's "download all" is: names in GBK that do not say so, sizes after the data.
JAVA = """
import java.io.*;
import java.nio.charset.Charset;
import java.nio.file.*;
import java.util.zip.*;

public class Pack {
    public static void main(String[] given) throws IOException {
        var file = new FileOutputStream(given[0]);
        try (var out = new ZipOutputStream(file, Charset.forName("GBK"))) {
            for (int place = 1; place < given.length; place += 2) {
                out.putNextEntry(new ZipEntry(given[place]));
                Files.copy(Path.of(given[place + 1]), out);
                out.closeEntry();
            }
        }
    }
}
"""


def record(name: str) -> dict[str, str]:
    """Return an article as a row of data: the body as lines."""
    items = original(name)
    source, *date = reversed(items[1][1].split())
    body = "\n".join(text.replace("\t", " | ") for _, text in items[2:])
    return {"title": items[0][1], "date": " ".join(reversed(date)), "source": source, "body": body}


def in_chinese(record: dict[str, str]) -> dict[str, str]:
    return {CHINESE[key]: value for key, value in record.items()}


def make_data() -> None:
    records = [record(name) for name in ARTICLES]
    by_python(records)
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        source = folder / "records.json"
        source.write_text(json.dumps(records), encoding="utf-8")
        makers: Sequence[Callable[[Path], None]] = (
            *(by_jq, by_node, by_sqlite, by_pandas, by_duckdb, by_office),
        )
        for make in makers:
            make(source)


def by_python(records: Sequence[dict[str, str]]) -> None:
    articles = {"count": len(records), "articles": records}
    (FOLDER / "articles.json").write_text(
        json.dumps(articles, ensure_ascii=False, indent=2), encoding="utf-8"
    )
    lines = [json.dumps({"id": f"n{n}", "content": one["body"], "标题": one["title"]})
             for n, one in enumerate(records)]  # fmt: skip
    (FOLDER / "articles.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    written = io.StringIO(newline="")
    writer = csv.DictWriter(written, list(CHINESE.values()))
    writer.writeheader()
    writer.writerows(map(in_chinese, records))
    (FOLDER / "spreadsheet-gb18030.csv").write_bytes(written.getvalue().encode("gb18030"))


def by_jq(source: Path) -> None:
    """A list with Chinese names, indented by tabs; the text is a list of paragraphs."""
    script = 'map({"标题": .title, "日期": .date, "媒体": .source, "段落": (.body / "\n")})'
    (FOLDER / "jq.json").write_text(run("jq", "--tab", script, source), encoding="utf-8")


def by_node(source: Path) -> None:
    """A service's reply, its list two objects deep; and lines with a mark, ended as in Windows."""
    script = source.with_name("node.js")
    script.write_text(NODE, encoding="utf-8")
    run("node", script, source, FOLDER / "node-reply.json", FOLDER / "node.jsonl")


def by_sqlite(source: Path) -> None:
    """A table of a database: a text of many lines between quotes, and columns of no use."""
    database = source.with_name("articles.db")
    rows = f"SELECT value AS v FROM json_each(readfile('{source}'))"
    columns = ", ".join(f"v ->> '{key}' AS {name}" for key, name in CHINESE.items())
    run("sqlite3", database, f"CREATE TABLE 新闻 AS SELECT NULL AS 备注, {columns} FROM ({rows})")
    table = "SELECT rowid AS 编号, * FROM 新闻"
    for option, name in (("-csv", "sqlite.csv"), ("-json", "sqlite.json")):
        (FOLDER / name).write_bytes(run("sqlite3", "-header", option, database, table).encode())


def by_pandas(source: Path) -> None:
    """A frame's own forms: by columns, by lines, and a table with its unnamed row numbers."""
    import pandas as pd

    frame = pd.read_json(source, convert_dates=False)
    frame.to_json(FOLDER / "pandas.json")
    frame.to_json(FOLDER / "pandas.jsonl", orient="records", lines=True)
    frame.to_csv(FOLDER / "pandas.tsv", sep="\t", encoding="utf-8-sig")


def by_duckdb(source: Path) -> None:
    import duckdb

    rows = f"SELECT NULL AS url, title AS name, date, source, body AS text FROM '{source}'"
    target = FOLDER / "duckdb.jsonl"
    duckdb.sql(f"COPY ({rows}) TO '{target}' (FORMAT json)")


def by_office(source: Path) -> None:
    """As a spreadsheet saves them: between semicolons, and as "Unicode text" (UTF-16, tabs)."""
    sheet = source.with_name("sheet.csv")
    sheet.write_bytes((FOLDER / "spreadsheet-gb18030.csv").read_bytes())
    for separator, encoding, name in ((59, 76, "libreoffice.csv"), (9, 65535, "libreoffice.tsv")):
        with tempfile.TemporaryDirectory() as folder:
            run(
                "soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless",
                "--infilter=CSV:44,34,85,1",
                "--convert-to", f"csv:Text - txt - csv (StarCalc):{separator},34,{encoding},1",
                "--outdir", folder, sheet,
            )  # fmt: skip
            (FOLDER / name).write_bytes((Path(folder) / "sheet.csv").read_bytes())


# Archives


def make_archives() -> None:
    """Archives of a page, a text and a Word file, all of them with names in Chinese."""
    with zipfile.ZipFile(FOLDER / "mixed.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        for name in ("portal-gb18030.html", "python-docx.docx", "old-street.md"):
            packed.write(FOLDER / name, f"文章/{name}")
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        for inner, name in (
            ("报纸/2022年/老街.md", "old-street.md"),
            ("报纸/2024年/夜市.html", "portal-gb18030.html"),
            ("期刊/温室.docx", "pandoc.docx"),
        ):
            target = folder / "文章" / inner
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(FOLDER / name, target)
        inside = sorted(path for path in (folder / "文章").rglob("*") if path.is_file())
        named = [part for path in inside for part in (path.relative_to(folder), path)]
        packer = folder / "Pack.java"
        packer.write_text(JAVA, encoding="utf-8")
        run("java", packer, FOLDER / "java-gbk.zip", *named)
        (FOLDER / "7zip.zip").unlink(missing_ok=True)
        run("7zz", "a", "-tzip", "-mm=BZip2", FOLDER / "7zip.zip", folder / "文章")
        # What a Mac puts beside each file.
        beside = folder / "__MACOSX" / "文章" / "._夜市.html"
        beside.parent.mkdir(parents=True)
        beside.write_bytes(b"\0\5\x16\7\0\2\0\0Mac OS X")
        (folder / "文章" / ".DS_Store").write_bytes(b"\0\0\0\1Bud1")
        (FOLDER / "info-zip.zip").unlink(missing_ok=True)
        run("zip", "-r", FOLDER / "info-zip.zip", "文章", "__MACOSX", inside=folder)
