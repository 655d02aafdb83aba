"""The names that others rely on, and what importing them costs."""

import inspect
import subprocess
import sys

import pytest

import qa
from qa import errors


def test_every_public_name_resolves() -> None:
    assert sorted(qa.__all__) == qa.__all__
    for name in qa.__all__:
        assert getattr(qa, name).__name__ == name
    assert set(qa.__all__) <= set(dir(qa))
    assert qa.__version__.count(".") == 2


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="'qa' has no attribute 'asked'"):
        qa.asked  # noqa: B018


def test_every_error_is_public_and_in_one_tree() -> None:
    defined = [
        one
        for _, one in inspect.getmembers(errors, inspect.isclass)
        if one.__module__ == errors.__name__
    ]
    assert sorted(one.__name__ for one in defined) == sorted(errors.__all__)
    assert set(errors.__all__) <= set(qa.__all__)
    assert all(issubclass(one, qa.QAError) for one in defined)


def test_a_missing_package_comes_with_the_command_that_installs_it() -> None:
    message = str(qa.MissingExtra("pymilvus", "milvus"))
    assert "pymilvus" in message
    assert "pip install 'article-qa[milvus]'" in message


def loaded_after(code: str) -> set[str]:
    program = f"{code}\nimport sys\nprint(*sys.modules)"
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, check=True
    )
    return set(run.stdout.split())


@pytest.mark.parametrize(
    "code", ["import qa; qa.QAError; qa.Answer; qa.Config; qa.Chatbot", "import qa.cli"]
)
def test_importing_loads_no_model_library(code: str) -> None:
    loaded = loaded_after(code)
    assert "qa" in loaded
    heavy = {"torch", "gradio", "sentence_transformers", "transformers", "pymilvus", "sklearn"}
    assert not heavy & loaded


def test_importing_the_page_leaves_the_environment_alone() -> None:
    program = (
        "import os\nimport gradio\nafter = dict(os.environ)\n"
        "import qa.web\nassert dict(os.environ) == after"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
