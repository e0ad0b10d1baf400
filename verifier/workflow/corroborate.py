"""How many recordings an incident rests on: counted once for the command and for the report."""

from verifier.report.recordings import distinct as distinct
from verifier.report.recordings import recordings as recordings
