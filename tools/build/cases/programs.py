"""Every program of userspace/programs.json, on its own."""

from ..programs import manifest
from ..testing import Skip, case

NEVER_ENDS_S = 5


def declare(entry):
    """The case of a manifest's entry."""
    @case(f"program.{entry['name']}")
    def program(run):
        if not (run.profile.programs / entry["file"]).exists():
            raise Skip(f"{entry['file']} is not built: mingw is not installed")
        ends = entry.get("ends", True)
        outcome = run(entry["start"], entry.get("kernel", ""), input=entry.get("input"),
                      is_deterministic=entry.get("deterministic", False),
                      **({} if ends else {"timeout_s": NEVER_ENDS_S}))
        if ends:
            outcome.succeeds()
        else:
            outcome.fails("no end within")
        outcome.prints(*entry["output"]).prints(*entry.get("report", []))


for each in manifest():
    declare(each)
