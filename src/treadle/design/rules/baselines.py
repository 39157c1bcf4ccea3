"""Two baselines compared: what changed, and which type approvals that touches."""

from dataclasses import dataclass
from typing import Literal

from treadle.facts.design.software import Baseline, SoftwareItem, TypeApproval

Word = Literal["added", "removed", "changed", "same"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SoftwareChange:
    """A software in two baselines."""

    software: str
    change: Word
    ecu: str
    version_before: str
    version_after: str
    sha256_before: str
    sha256_after: str

    @property
    def is_quiet(self) -> bool:
        """Whether it is other software under the same version."""
        return self.change == "changed" and self.version_before == self.version_after


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalChange:
    """A type approval in two baselines.

    Attributes
    ----------
    software
        Its relevant software that is other than before.
    verdict
        What UN R156 paragraph 7.2.1.2.1 makes of it, in words.
    """

    regulation: str
    type: str
    number: str
    rxswin_before: str
    rxswin_after: str
    software: tuple[str, ...]
    assessment: str
    verdict: str
    is_open: bool


def software_changes(before: Baseline, after: Baseline) -> list[SoftwareChange]:
    """Return every software of two baselines and what became of it, by name."""
    names = sorted({one.name for one in (*before.software, *after.software)})
    return [_software(before.item(name), after.item(name)) for name in names]


def _software(old: SoftwareItem | None, new: SoftwareItem | None) -> SoftwareChange:
    one = new or old
    assert one is not None  # noqa: S101 - its name comes from one of the two
    change: Word = "same"
    if old is None or new is None:
        change = "added" if old is None else "removed"
    elif (old.version, old.sha256, old.ecu) != (new.version, new.sha256, new.ecu):
        change = "changed"
    return SoftwareChange(
        software=one.name,
        change=change,
        ecu=one.ecu,
        version_before=old.version if old else "",
        version_after=new.version if new else "",
        sha256_before=old.sha256 if old else "",
        sha256_after=new.sha256 if new else "",
    )


def approval_changes(before: Baseline, after: Baseline) -> list[ApprovalChange]:
    """Return the type approvals that the difference of two baselines touches."""
    changed = {one.software for one in software_changes(before, after) if one.change != "same"}
    old = {(one.regulation, one.type): one for one in before.approvals}
    new = {(one.regulation, one.type): one for one in after.approvals}
    touched: list[ApprovalChange] = []
    for key in sorted(old.keys() | new.keys()):
        one = _approval(old.get(key), new.get(key), changed)
        if one is not None:
            touched.append(one)
    return touched


def _approval(
    old: TypeApproval | None, new: TypeApproval | None, changed: set[str]
) -> ApprovalChange | None:
    told = new or old
    assert told is not None  # noqa: S101 - its key comes from one of the two
    relevant = {*(old.software if old else ()), *(new.software if new else ())}
    moved = set(old.software if old else ()) ^ set(new.software if new else ())
    software = (relevant & changed) | (moved if old and new else set())
    rxswin_changed = bool(old and new and old.rxswin != new.rxswin)
    if not software and not rxswin_changed and old and new:
        return None
    is_open = False
    if old is None:
        verdict = "a new type approval"
    elif new is None:
        verdict = "no longer approved so: its software is of no approval"
    elif rxswin_changed:
        verdict = "the RXSWIN was updated: extension or new approval (7.2.1.2.1)"
    elif new.assessment:
        verdict = "the RXSWIN stands, as was assessed (7.1.2.5 d, e)"
    else:
        verdict = "open: update the RXSWIN, or say why the approval is not affected (7.2.1.2.1)"
        is_open = True
    return ApprovalChange(
        regulation=told.regulation,
        type=told.type,
        number=told.number,
        rxswin_before=old.rxswin if old else "",
        rxswin_after=new.rxswin if new else "",
        software=tuple(sorted(software)),
        assessment=new.assessment if new else "",
        verdict=verdict,
        is_open=is_open,
    )


def unassessed(before: Baseline, after: Baseline) -> list[str]:
    """Return the type approvals whose software changed and nobody said what that means."""
    quiet = [
        f"{one.software} has another hash and the same version {one.version_after}"
        for one in software_changes(before, after)
        if one.is_quiet and one.sha256_before != one.sha256_after
    ]
    return quiet + [
        f"{', '.join(one.software)} changed, which {one.regulation} ({one.type}) rests on, and its "
        f"RXSWIN is still {one.rxswin_after}: give a new one, or an assessment"
        for one in approval_changes(before, after)
        if one.is_open
    ]
