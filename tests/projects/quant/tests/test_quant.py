import sys

import quant


def test_double() -> None:
    assert quant.double(21) == 42


def test_the_installed_module_is_tested() -> None:
    assert quant.__file__.startswith(sys.prefix)
