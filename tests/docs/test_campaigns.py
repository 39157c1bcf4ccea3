"""The program in docs/campaigns.md runs, and its probability is that of a quadrature."""

import re
from pathlib import Path

import pytest
from scipy import integrate, stats

PAGE = Path(__file__).parents[2] / "docs" / "campaigns.md"


def test_the_program_on_the_page_gives_the_probability_of_a_quadrature(
    capsys: pytest.CaptureFixture[str],
) -> None:
    (program,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    exec(compile(program, str(PAGE), "exec"), {})
    probability, lower, upper, doubts = capsys.readouterr().out.split(maxsplit=3)
    closing = stats.truncnorm(-4.0 / 1.6, float("inf"), 4.0, 1.6)
    gap = stats.lognorm(0.35, scale=2.718281828459045**3.4)
    truth, _ = integrate.quad(
        lambda c: closing.pdf(c) * gap.cdf(0.75 * c + c * c / 12),
        0.0,
        20.0,
        epsabs=1e-12,
        limit=200,
    )
    assert doubts.strip() == "()"
    assert float(lower) < truth < float(upper)
    assert float(probability) == pytest.approx(truth, rel=0.1)
