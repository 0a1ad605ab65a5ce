"""Which index is meant, which files, and what one that holds some of them lacks."""

from __future__ import annotations

import pytest

from verbump.domain.distributions import Metadata
from verbump.errors import UsageError
from verbump.planning import publish_pypi
from verbump.planning.artifacts import Artifact
from verbump.planning.registered import Registered

INDEX = publish_pypi.find_index(None, None)


def sdist(name: str = "my_demo-1.0.tar.gz", sha256: str = "11") -> Artifact:
    return Artifact(name=name, kind="sdist", size=1, sha256=sha256, metadata=Metadata(name="my-demo", version="1.0"))


def there(**hashes: str) -> Registered:
    return Registered(registry="PyPI", name="my-demo", url="https://index", exists=True, hashes=hashes)


@pytest.mark.parametrize(
    ("url", "looks", "name"),
    [
        (None, ("https://pypi.org/simple",), "pypi"),
        ("https://upload.pypi.org/legacy", ("https://pypi.org/simple",), "pypi"),
        ("https://test.pypi.org/legacy/", ("https://test.pypi.org/simple",), "testpypi"),
        ("http://h:8080/", ("http://h:8080/simple", "http://h:8080/+simple"), ""),
        ("http://h/root/dev/", ("http://h/root/dev/simple", "http://h/root/dev/+simple"), ""),
        ("https://h/repository/x/legacy/", ("https://h/repository/x/simple", "https://h/repository/x/+simple"), ""),
    ],
)
def test_where_the_files_are_seen(url: str | None, looks: tuple[str, ...], name: str) -> None:
    found = publish_pypi.find_index(url, None)

    assert (found.looks, found.name) == (looks, name)
    assert publish_pypi.find_index(url, "https://other/simple").looks == ("https://other/simple",)


def test_a_password_in_the_address_leaves_it() -> None:
    found = publish_pypi.find_index("http://me:p%2Fw@h:1/legacy/", None)

    assert (found.url, found.userinfo) == ("http://h:1/legacy/", ("me", "p/w"))
    assert found.is_plain
    assert not publish_pypi.find_index("http://127.0.0.1:1/", None).is_plain
    with pytest.raises(UsageError) as caught:
        publish_pypi.find_index("http://me:secret@h:x/", None)
    assert "secret" not in caught.value.message


def test_the_same_source_distribution_under_another_name() -> None:
    # An index takes one source distribution a version, however its name is spelled.
    plan = publish_pypi.plan_publish([sdist()], there(**{"My.Demo-1.0.tar.gz": "11", "junk": "2"}), INDEX)

    assert [each.code for each in plan.problems] == ["file-differs"]
    assert "My.Demo-1.0.tar.gz" in plan.problems[0].message


@pytest.mark.parametrize(("held", "codes"), [("11", []), ("22", ["file-differs"]), ("", ["hash-unknown"])])
def test_what_is_there(held: str, codes: list[str]) -> None:
    plan = publish_pypi.plan_publish([sdist()], there(**{"my_demo-1.0.tar.gz": held}), INDEX)

    assert ([each.code for each in plan.problems], plan.actions) == (codes, ())


def test_what_is_missing() -> None:
    (action,) = publish_pypi.find_uploads(publish_pypi.plan_publish([sdist()], there(other="1"), INDEX))

    assert (action.file.name, action.repository_url) == ("my_demo-1.0.tar.gz", publish_pypi.PYPI)
