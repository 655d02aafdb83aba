"""Paragraphs in Milvus: one collection shared by any number of chatbot processes.

``http://host:19530`` is a server or cluster, a path that ends in ``.db`` a file of Milvus
Lite. These modules alone import pymilvus, and only when one of them is used.
"""

from qa.index.milvus.reader import MilvusIndex
from qa.index.milvus.writer import MilvusStore

__all__ = ["MilvusIndex", "MilvusStore"]
