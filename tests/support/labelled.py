"""Labelled articles made up for the tests of training."""

import json

from qa.training.data.records import LabelledArticle, LabelledQuestion


def article(title: str, paragraphs: int = 4, collection: str = "one") -> LabelledArticle:
    """Return an article whose every paragraph answers two questions."""
    texts = tuple(
        f"{title}的第{number}个车站在{1900 + number}年建成，造价{number}0万元，离市区很远。"
        for number in range(paragraphs)
    )
    questions = tuple(
        LabelledQuestion(f"{title}的第{number}个车站{what}", (number,))
        for number in range(paragraphs)
        for what in ("在哪一年建成？", "造价多少？")
    )
    return LabelledArticle(collection, title, texts, questions)


ARTICLES = tuple(article(title) for title in ("北海线", "南山线", "东江线", "西河线"))


def squad(*entries: tuple[str, str, str, str, int]) -> str:
    """Return a file in SQuAD form: title, context, question, answer, answer_start of each."""
    data = [
        {
            "title": title,
            "paragraphs": [
                {
                    "context": context,
                    "qas": [
                        {
                            "question": question,
                            "answers": [{"text": answer, "answer_start": start}],
                        }
                    ],
                }
            ],
        }
        for title, context, question, answer, start in entries
    ]
    return json.dumps({"data": data}, ensure_ascii=False)
