"""The edition of the formulation that a workbook was written for, and what to change in one of an earlier edition."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree

from inputs.errors import Finding, Level
from inputs.schema import NEW_IN_SECOND, SCHEMA_VERSION, SETTINGS, VERSION_PROPERTY
from inputs.source import Source

PROPERTIES = "docProps/custom.xml"


def edition_of(source: Source) -> int | None:
    """The edition in the properties of a workbook that `read_grids` has read; None where they do not say (a folder, a workbook from elsewhere)."""
    if source.is_folder:
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(source.content)) as archive:
            properties = ElementTree.fromstring(archive.read(PROPERTIES))
        said = next("".join(found.itertext()) for found in properties.iter() if found.get("name") == VERSION_PROPERTY)
        return int(float(said))
    except (KeyError, StopIteration, ElementTree.ParseError, OverflowError, ValueError):
        return None


def edition_findings(edition: int | None, settings: set[str]) -> Iterator[Finding]:
    """What a planner should know of a workbook of another edition; `settings` are those that have a row."""
    if edition is None or edition == SCHEMA_VERSION:
        return
    if edition > SCHEMA_VERSION:
        text = f"this workbook was written by a newer stockpile (edition {edition}; this one reads {SCHEMA_VERSION}); what is new in it is not known here. Install the newer one."
        yield Finding(SETTINGS, text, level=Level.WARNING)
    elif "aftermath" not in settings:
        yield Finding(SETTINGS, FIRST_EDITION, level=Level.WARNING)


FIRST_EDITION = (
    "this workbook is of the first edition, in which a future ended with its cutoff; now it goes on in peace until the horizon, so costs, stocks and plants differ. "
    "Add a row 'aftermath' here (this is said until then): yes, or no to keep the futures of before. "
    "Also new, whatever it says: coverage holds in each crisis period by itself, not in sum; price_multiple of cutoffs is for offers from abroad alone; rotation is an exchange, "
    "in which nothing is bought or sold; share_caps and floors do not count what is surplus; losses may name plants and kinds of plants. "
    f"New, and may be left out: {', '.join(NEW_IN_SECOND)}. No sheet, column or setting is gone or has another unit."
)
