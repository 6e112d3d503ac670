"""Whatever the suite logs is searched for secrets."""

import pytest

from tests.conftest import SECRETS

pytest_plugins = ["pytester"]


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize(
    "leak",
    [
        "print('Bot {}')",
        "import logging; logging.getLogger('discord').warning('Bot %s', '{}')",
        "import os; os.write(2, b'Bot {}')",
    ],
)
def test_a_test_in_whose_output_a_secret_stands_fails(
    pytester: pytest.Pytester,
    request: pytest.FixtureRequest,
    capsys: pytest.CaptureFixture[str],
    secret: str,
    leak: str,
) -> None:
    ours = (request.config.rootpath / "tests" / "conftest.py").read_text(encoding="utf-8")
    pytester.makeconftest(ours)
    pytester.makepyfile(f"def test_leak():\n    {leak.format(secret)}\n\ndef test_none(): pass\n")
    result = pytester.runpytest_subprocess("-p", "no:randomly")
    result.assert_outcomes(passed=2, errors=1)
    result.stdout.fnmatch_lines(["*a secret stands in its output*"])
    capsys.readouterr()  # or this test would fail by the same rule
