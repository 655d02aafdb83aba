"""Training the models on labelled questions, one command per step.

::

    python -m qa.training adapt questions.jsonl --articles articles/ --to my-reader/

does all for an owner's own labelled questions, beside the written ones that come with the project
(:mod:`qa.training.data.written`), and prints the gain on articles kept apart. Step by step it is::

    python -m qa.training prepare --questions questions.jsonl --articles articles/ --to data/
    python -m qa.training make data/ --reader --run reader/ --minutes 90 --to my-reader/

where ``make`` stands for::

    python -m qa.training train data/ --run retriever/ --minutes 60
    python -m qa.training evaluate data/ --run retriever/
    python -m qa.training export data/ --run retriever/ --to my-retriever/
    python -m qa.training calibrate data/ --model my-retriever/

    python -m qa.training train data/ --reader --run reader/ --minutes 90
    python -m qa.training evaluate data/ --run reader/ --retriever my-retriever/
    python -m qa.training export data/ --run reader/ --to my-reader/
    python -m qa.training calibrate data/ --model my-retriever/ --reader my-reader/

``train`` goes on where it was interrupted if it is given the same folder again. The exported
folders are like the bundled ones; give their paths as ``Config.model`` and ``Config.reader``.
``calibrate`` fits certainty, threshold and the weights of the ranking, on articles held out.
Needs ``pip install 'article-qa[train]'``.
"""
