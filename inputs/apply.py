"""The case with changes made, as sound as one that is read: what a plan would be refused for, a change is refused for too."""

from __future__ import annotations

from collections.abc import Iterable

from inputs.address import ChangeError, address_of
from inputs.case import Case
from inputs.change import Change, drafted
from inputs.checks.registry import broken
from inputs.errors import Finding
from inputs.schema import SETTINGS


def apply(case: Case, changes: Iterable[Change]) -> Case:
    """The case with the changes made, in order; frames that do not change are shared with the case.

    Raises ChangeError where a number crosses a bound of the schema, the probabilities of a
    cutoff's lengths cannot add to 1, two rows get the same key, or a rule across rows and
    sheets finds an error. Warnings pass; so do contradictions, of which the program proves
    that no plan exists.
    """
    draft = drafted(case, changes)
    changed = draft.result()
    moved = {f"{sheet}.{column}": (sheet, column) for sheet, column in draft.columns}
    for finding, read in broken(changed, moved.keys()):
        raise ChangeError(refusal(changed, draft.reasons(moved[name] for name in read if name in moved), finding))
    return changed


def refusal(case: Case, reasons: str, finding: Finding) -> str:
    """What a rule has against changes, in its words; the place stands where the changes do not name it."""
    row = 0 if finding.sheet == SETTINGS else case[finding.sheet].index.tolist().index(finding.row)
    place = address_of(case, finding.sheet, finding.column, row)
    return f"with {reasons}{'' if place in reasons else f', at {place}'}: {finding.message}"
