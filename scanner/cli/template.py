"""The commented configuration that `dpscan init` writes. A test loads it."""

TEMPLATE = """\
# dpscan configuration. Only `targets` is required; every other value shown is the default
# unless it is marked as an example.
version: 1
# department: Department of Examples

# What to scan. `dpscan connectors NAME` lists the keys of each connector.
# Secrets only by reference: env:NAME, file:/run/secrets/x (mode 600), keyring:SERVICE/USER,
# or an AWS Secrets Manager ARN. Without any, the cloud SDKs' own chains are used.
targets:
  - name: hr-share
    connector: files
    path: /srv/shares/hr
    # environment: production
  # - name: cases
  #   connector: sql
  #   url: postgresql://dpscan_reader@db.internal:5432/cases
  #   password: env:CASES_PASSWORD
  #   ca_bundle: /etc/ssl/department-ca.pem
  # - name: aws
  #   connector: s3            # no bucket: every bucket of the account
  # - name: azure
  #   connector: azblob
  #   account: examplestorage
  # - name: google
  #   connector: gcs
  #   project: example-project

# What not to read, with who decided it and why. Shown as EXCLUDED in every report.
# exclude:
#   - store: "aws:s3:::public-website"
#     by: Head of Digital
#     reason: published open data
#   - type: "*.iso"
#     larger_than: 1GB
#     by: Infrastructure team
#     reason: installation images

# What the department's own register says (globs over store ids, names and target names).
# register:
#   - store: "*"
#     owner: Information Asset Owner, Casework
#     ropa_ref: ROPA-017
#     retention_days: 2555
#     environment: production
#   - store: "aws:s3:::open-data"
#     intended_public: true
#     intended_public_owner: Head of Statistics
#     intended_public_date: 2026-01-31

# `assets: register.csv` says the same from an asset register, one row a store, with these keys as
# columns; `register:` goes before it, and tags come last.

# The department's own thresholds. What is not said stays unknown, never assumed.
# policy:
#   approved_regions: [eu-west-2, uksouth, europe-west2]
#   trusted_accounts: ["123456789012"]
#   minimum_tls: "1.2"
#   require_customer_managed_key: true
#   require_masking: false

# Findings accepted by a named role until a date.
# waivers:
#   - rule: OBJ-09
#     store: "aws:s3:::archive"
#     owner: Records Manager
#     reason: permanent records
#     expires: 2027-03-31

sampling:
  # seed: fixed-words        # default: new in every run, and printed
  rows: 4000                 # drawn from tables larger than whole_table_rows
  whole_table_rows: 20000
  objects: 4000              # drawn from stores with more objects
  full: false                # true reads everything
  # views: [public.active_cases]   # others by structure only

limits:
  # max_time: 4h
  # max_bytes: 50GB
  # workers: 2
  connections_per_host: 2
  requests_in_flight: 8      # stores of a target asked about at once
  statement_timeout: 30s
  lock_timeout: 1s
  object_bytes: 256MiB       # larger objects are read in random spans
  # archive_depth: 10
  # archive_members: 1000000
  # formats:                 # bounds by format; what lies beyond is told as not read
  #   pdf: {pages: 500}
  #   spreadsheet: {rows: 1000000, bytes: 500MB}

ocr:                         # text in pictures and scanned pages: pip install "dpscan[ocr]"
  pages: 2                   # of one file; 0 switches it off
  dpi: 300

detection:
  names: true
  # spacy_model: en_core_web_lg    # any installed pipeline
  us: false
  test_data: count_apart     # or treat_as_real
  # recognisers: [our-recognisers.yaml]   # patterns, checks and words of your own
  # values: decided-values.json           # never or always to report; see `dpscan values --help`

rules:
  # packs: [object-storage, databases]    # default: all
  switch_off: []
  # paths: [./our-rules]
  # packages: [our_rules]                 # an installed package with a folder `rules`
  # pin: 0123456789ab                     # refuse other rules (`dpscan rules list` says the digest)

report:
  folder: dpscan-report
  formats: [csv, html, json, sarif]

# history: postgresql://dpscan@db.internal/dpscan    # default: SQLite in DPSCAN_HOME
# history_password: env:DPSCAN_HISTORY_PASSWORD
fail_on: high                # critical, high, medium, low, info, never
min_coverage: 95             # percent of stores
fail_on_unknown: false
# kpi_targets:               # your own in place of dpscan's (docs/kpis.md); for `kpis`, `maturity` and reports
#   K6: 90%
#   K22: 14

check:                       # `dpscan check -c`: infrastructure code; see docs/check.md
  repository_is_private: false
  # exclude:
  #   - path: sandbox/*
  #     by: platform team
  #     reason: thrown away every night
  # fail_on:
  #   - path: sandbox/*
  #     fail_on: never
  inline_waivers:
    allowed: true
    # owners: [head-of-casework]           # default: any role
    # longest_days: 365
    # veto:
    #   - rule: OBJ-0[12]
    #     by: SIRO
    #     reason: public stores are accepted nowhere
"""
