"""Training a retriever on labelled questions, one command per step.

::

    python -m qa.training prepare --questions questions.jsonl --articles articles/ --to data/
    python -m qa.training train data/ --run run/ --minutes 60
    python -m qa.training evaluate data/ --run run/
    python -m qa.training export data/ --run run/ --to my-model/

``train`` goes on where it was interrupted if it is given the same folder again. The exported
folder is a sentence-transformers model like the bundled one; give its path as ``Config.model``.
Needs ``pip install 'article-qa[train]'``.
"""
