"""The columns of the CSV files, in order, each with what it means (`docs/csv.md` is made from here).

python -m scanner.reporters.columns > docs/csv.md
"""

from __future__ import annotations

import sys

SCHEMA_VERSION = "1.0"

Columns = tuple[tuple[str, str], ...]

_HEAD: Columns = (
    ("scan_id", "id of the run that wrote the row"),
    ("rulepack_version", "digest of the rules in force"),
)
_REGISTER: Columns = (
    ("department", "from the configuration; empty if not recorded"),
    ("business_area", "from the register; empty if not recorded"),
    ("information_asset", "name or reference of the information asset, from the register or a tag"),
    ("information_asset_owner", "from the register or a tag; empty if nobody is named"),
    ("technical_owner", "from the register; empty if not recorded"),
    ("owner_source", "where the owner comes from: `config`, `tag`, `register` or `none`"),
    ("ropa_ref", "the entry of your record of processing activities this store belongs to; join on it"),
    ("dpia_ref", "reference of the impact assessment, from the register"),
    ("contract_ref", "reference of the processor's contract, from the register"),
)
_STORE: Columns = (
    ("store_type", "`bucket`, `container`, `database`, `share`, …; for a scope `account`, `server`, …"),
    ("store_name", "its own name"),
    ("store_locator", "canonical id of the store, free of credentials; the same from scan to scan"),
    ("place", "where in the store: table, file, sheet (file names are reduced: digits to `#`, people's names "
              "out); empty for the whole store"),
    ("environment", "production, test, …; empty if not known"),
    ("supplier", "who runs it, from the register"),
    ("location_region", "the provider's region code, else the location in the register; `unknown` where neither says"),
    ("location_country", "country of it; `unknown` where that is not known"),
    ("restricted_transfer_flag", "by location alone: `no` (in the United Kingdom), `check` (outside it), `unknown`"),
    ("classification_declared", "from the register or a tag; never inferred"),
)  # fmt: skip
_CONTENT: Columns = (
    ("categories_of_personal_data", "kinds recognised; `(possible)` for mentions in free text only"),
    ("categories_of_individuals", "only where a kind of number belongs to one group (pupils, prisoners, …)"),
    ("individuals_basis", "`inferred` from such numbers, else `unknown`"),
    ("art9_flag", "special category data: `yes`, `possible`, `not found`, `not assessed`"),
    ("art9_types", "which categories"),
    ("art10_flag", "criminal offence data: as for `art9_flag`"),
    ("children_flag", "`possible` where pupil numbers were found, else `not assessed`"),
    ("records_low", "records with personal data, at least; empty where nothing was inspected"),
    ("records_high", "records with personal data, at most (95 %)"),
    ("individuals_low", "distinct people, at least"),
    ("individuals_high", "distinct people, at most (95 %)"),
    ("estimate_method", "how these numbers were come by; `not inspected` where there are none"),
    ("retention_rule", "from the register or a tag"),
    ("oldest_record_date", "oldest modification date of what it was seen in (not a date inside the data)"),
    ("exposure", "`public`, `internet+login`, `third party`, `internal`, `restricted` or `unknown`"),
)
_JUDGEMENT: Columns = (
    ("rule_id", "the rule that failed"),
    ("rule_title", "its title"),
    ("safeguard_missing", "safeguards that were seen to be absent"),
    ("severity", "Critical, High, Medium, Low or Info"),
    ("impact_to_people", "what could happen to people, by the most sensitive data in the store"),
    ("likelihood", "by who can reach it"),
    ("severity_reason", "how the severity came about"),
    ("relevant_law", "articles *relevant to* it; not a statement that they were breached"),
    ("standard_reference", "the same in standards (NCSC CAF, CIS, …)"),
    ("plain_explanation", "what is wrong, in at most 300 characters"),
    ("recommended_action", "what to do"),
    ("action_owner", "who it was assigned to, else technical owner, else information asset owner; empty if nobody "
                     "is named"),
    ("due_date", "the date agreed, else by severity, from the day first seen (London): critical 2, high 14, "
                 "medium 60, low 180 days"),
    ("status", "`open`, `reopened`, `not re-checked`, `fixed`, `gone`; or what people decided: `in progress`, "
               "`accepted`, `false positive`"),
    ("status_reason", "why: new, came back, not re-checked since when and why"),
    ("accepted_by", "who accepted it and why (`role: reason`), where it is accepted"),
    ("acceptance_expires", "until when"),
    ("first_seen", "date (London)"),
    ("last_seen", "date of the last scan in which the rule failed"),
    ("times_reopened", "how often it came back after it was fixed or gone"),
    ("breach_triage", "`none`, or `assess now (Art 33): for the DPO to decide` for personal data open to anybody. "
                      "What you write here beginning with `decided` is kept"),
)  # fmt: skip
_EVIDENCE: Columns = (
    (
        "evidence_masked",
        "counts and shapes (`A` a letter, `#` a digit) of what was recognised; never a value",
    ),
    ("detector_confidence", "highest score of a type found, 0 to 1"),
    ("scan_coverage", "how much was looked at"),
    ("sample_note", 'what "not found" means here, with its bound'),
)
_NOTES: Columns = (("dpo_notes", "yours: carried over from the file before, never overwritten"),)

FINDINGS: Columns = (
    ("schema_version", "version of these columns"),
    ("finding_id", "stable over scans: hash of store, rule and place"),
    *_HEAD, *_REGISTER, *_STORE, *_CONTENT, *_JUDGEMENT, *_EVIDENCE, *_NOTES,
    ("revision", "how many decisions were recorded when the row was written; leave it as it is, so that "
                 "`dpscan import` can tell your changes from those made meanwhile"),
)  # fmt: skip

HOLDINGS: Columns = (
    ("schema_version", "version of these columns"),
    ("holding_id", "stable over scans: hash of store and place"),
    *_HEAD, *_REGISTER, *_STORE, *_CONTENT, *_EVIDENCE,
    ("inspected", "how much of the store's content was looked at: `all`, `sampled`, `none`"),
    ("sensitivity", "S0 none found, S1 ordinary, S2 higher impact, S3 special category or offence data; "
                    "`not assessed` where nothing was inspected"),
    ("mostly_test_data", "`yes` where most identifying values lie in ranges reserved for tests"),
    ("hidden_content", "`yes` where some of it sits where a reader would not see it (hidden sheets, columns)"),
    ("purpose", "left empty: a scanner cannot know it; yours to fill in"),
    ("lawful_basis", "left empty: a scanner cannot know it; yours to fill in"),
    ("recipients", "left empty: a scanner cannot know it; yours to fill in"),
    *_NOTES,
)  # fmt: skip

GAPS: Columns = (
    ("schema_version", "version of these columns"),
    *_HEAD,
    ("subject", "name of the store, scope or target; `configuration` where the department has not said"),
    ("subject_locator", "its canonical id"),
    ("place", "where in it; empty for the whole of it, or for several places alike"),
    ("stage", "`enumerate`, `evidence`, `list`, `read`, `extract`, `detect`, `judge`"),
    ("reason", "`denied`, `unreachable`, `encrypted`, `not observable`, `not configured`, …"),
    ("chosen", "`yes`: it was decided not to look; `no`: we could not"),
    ("detail", "one sentence"),
    ("remedy", "what would lift it: a permission, an install line, a configuration key"),
    ("count", "how many alike"),
    ("bytes", "size of what was not read, where known"),
    ("safeguards_unknown", "safeguards that are not known because of it"),
    ("rules_blocked", "rules that could not answer because of it"),
    ("answers_missing", "how many answers are missing because of it"),
    ("would_be", "the worst severity any of these could have"),
)

_INTRODUCTION = f"""\
# The CSV files

*Made by `python -m scanner.reporters.columns`; do not edit by hand.*

`dpscan` writes three CSV files for the data protection officer (columns version {SCHEMA_VERSION}):

- `findings.csv`: one row per finding: failing now, still open from earlier scans, or closed by this scan;
- `holdings.csv`: one row per place that holds personal data, and one for each store where none was
  found or nothing was inspected, saying which of the two and how sure that is;
- `gaps.csv`: one row per reason why something is *not known*, with the rules it blocks.

A row of `holdings.csv` is a store's content, not a processing activity: join on `ropa_ref`. Where
something is unknown, a column says `unknown`, `not assessed` or `not inspected` if it is one the scanner
should know, and is empty if it is one that only you can fill. Nothing is invented.

**Format.** UTF-8 with a byte order mark, RFC 4180, lines end in CR LF. Dates are ISO 8601, in London.
A text that a spreadsheet would take for a formula, or turn into a number or date, begins with an
apostrophe (`'`): strip it when you read the file with a program. Newlines inside a cell become spaces;
invisible characters and direction overrides become `\ufffd`.

**Your notes.** Write into `dpo_notes` (or begin `breach_triage` with `decided`), save the file as CSV in the
same folder, and the next report carries them over by id. `dpscan import findings.csv` takes them, and changes
of `status`, `due_date` and `action_owner`, into the history ([more](desk.md)). Notes whose row is no longer in the report are kept in
`dpo-notes.csv`, and come back with the row.
"""


def document() -> str:
    """The text of `docs/csv.md`."""
    parts = [_INTRODUCTION]
    for name, columns in (("findings", FINDINGS), ("holdings", HOLDINGS), ("gaps", GAPS)):
        parts.append(f"## `{name}.csv`\n\n| column | meaning |\n|---|---|\n")
        parts[-1] += "".join(f"| `{column}` | {meaning} |\n" for column, meaning in columns)
    return "\n".join(parts)


if __name__ == "__main__":
    sys.stdout.write(document())
