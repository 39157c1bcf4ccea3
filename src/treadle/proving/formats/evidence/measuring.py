"""A sample of a catalogue's variants run in several ways: as asked, at half the step, reseeded."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from treadle.kernel.bundle import Files
from treadle.proving.formats.campaigning import Campaign, Doing
from treadle.proving.rules.choosing import chosen
from treadle.proving.rules.deciding import DRIVER
from treadle.proving.rules.evidence.credibility import WAYS, compared, summed
from treadle.proving.rules.judging import Runs, runs_of


class Measuring:
    """What is run to see how far a driver's verdicts on a catalogue can be trusted."""

    def __init__(self, files: Files, path: str, driver: str, seed: int, sample: int) -> None:
        """Read a catalogue and the driver.

        Parameters
        ----------
        path
            Of the catalogue, in `files`.
        sample
            Variants of each scenario, at most.

        Raises
        ------
        InvalidInputError
            A file is missing or wrong, or there is no such driver.
        """
        self.campaign = Campaign(files, path, {DRIVER: driver}, seed)
        self._sample = sample

    def lower(self) -> None:
        """Read every file that any variant needs, as the whole campaign does."""
        self.campaign.lower()

    def variants(self, proof: int) -> list[int]:
        """Return the numbers of the sample of a scenario."""
        all_of = self.campaign.variants(proof, self.campaign.catalogue.proofs[proof])
        if len(all_of) <= self._sample:
            return list(all_of)
        return [all_of[n] for n in chosen(len(all_of), None, self._sample, self.campaign.seed)]

    @property
    def counts(self) -> list[int]:
        """How many variants of each scenario are in the sample."""
        return [len(self.variants(n)) for n in range(len(self.campaign.catalogue.proofs))]

    def part(self, proof: int, doing: Doing) -> bytes:
        """Run the sample of a scenario each way; return how the ways compare."""
        it = self.campaign.catalogue
        seed = self.campaign.seed
        ways = ((it.step_s, seed), (it.step_s / 2, seed), (it.step_s, seed + 1))
        variants = self.variants(proof)
        usual, *others = (self._run(proof, variants, *way, doing) for way in ways)
        told = {
            "scenario": it.proofs[proof].id,
            "step_s": it.step_s,
            "seed": str(seed),
            **{way: compared(it, usual, runs) for way, runs in zip(WAYS, others, strict=True)},
        }
        return json.dumps(told, sort_keys=True, ensure_ascii=False, allow_nan=False).encode()

    def _run(
        self, proof: int, variants: Sequence[int], step_s: float, seed: int, doing: Doing
    ) -> dict[str, Runs]:
        """Run the sample in one way with the driver and with each reference model."""
        it = self.campaign.catalogue
        found: dict[str, Runs] = {}
        for role in self.campaign.drivers:
            result = self.campaign.compiled(proof, role).run(
                list(variants),
                step_s=step_s,
                time_limit_s=it.time_limit_s,
                seed=seed,
                threads=doing.threads,
                compiling=doing.compiling,
                cancelled=doing.stopped,
            )
            found[role] = runs_of([(proof, result)], it.entity)
        return found


def measured(parts: Iterable[bytes]) -> list[dict[str, Any]]:
    """Return what came of all scenarios, for each way."""
    return summed([json.loads(part) for part in parts])


def differences(kept: bytes, now: bytes) -> list[str]:
    """Return in what two parts that should be the same differ."""
    then, new = json.loads(kept), json.loads(now)
    return [f"{word} is another" for word in then if then[word] != new.get(word)]
