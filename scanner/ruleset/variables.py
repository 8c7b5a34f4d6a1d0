"""Everything a rule's expression may name, with its type.

Names are declared one by one (`safeguards.encryption_at_rest: bool`), so that a misspelt or
mistyped name is an error when the rule is loaded. An input that is not known is left
unbound when the rule is asked; it is never null, empty or a default.
"""

from __future__ import annotations

import dataclasses

from scanner.safeguards import SAFEGUARDS

BOOL, INT, STRING, STRINGS, MAP = "bool", "int", "string", "list(string)", "map(string, string)"


@dataclasses.dataclass(frozen=True, slots=True)
class Variable:
    name: str
    type: str
    about: str
    unknown: str = "never"
    """When it is left unbound."""
    subjects: tuple[str, ...] = ("scope", "store", "place")
    """Rules on these may name it."""
    safeguards: tuple[str, ...] = ()
    """Safeguards whose evidence it is (partly) read from."""


@dataclasses.dataclass(frozen=True, slots=True)
class HoldingField:
    name: str
    type: str
    about: str
    optional: bool = False
    """True if the field is missing where the fact is not known."""


_STORE = ("store", "place")

_FIXED = (
    Variable("scope.kind", STRING, "account, subscription, project, server, share", subjects=("scope",)),
    Variable("scope.provider", STRING, "aws, azure, gcp, sql, files", subjects=("scope",)),
    Variable("scope.name", STRING, "the scope's name", subjects=("scope",)),
    Variable("scope.tags", MAP, "tags of the scope", subjects=("scope",)),
    Variable("store.kind", STRING, "bucket, container, database, share, …", subjects=_STORE),
    Variable("store.provider", STRING, "aws, azure, gcp, sql, files", subjects=_STORE),
    Variable("store.name", STRING, "the store's name", subjects=_STORE),
    Variable("store.origin", STRING, "live or declared", subjects=_STORE),
    Variable(
        "store.region",
        STRING,
        "the location: the provider's region code, else what the register says",
        "neither the provider nor the register says",
        _STORE,
        ("region",),
    ),
    Variable(
        "store.environment",
        STRING,
        "the environment, such as production or test: from the register, else as the connector saw it",
        "nobody said",
        _STORE,
    ),
    Variable("store.tags", MAP, "tags or labels of the store", "tags could not be read", _STORE),
    Variable("place.kind", STRING, "table, object, member, sheet, prefix", subjects=("place",)),
    Variable("place.name", STRING, "last step of the place: table, file or sheet name", subjects=("place",)),
    Variable("place.text", STRING, "the whole place as one line", subjects=("place",)),
    Variable(
        "personal_data",
        BOOL,
        "personal data was found (test data left out unless it is to be treated as real)",
        "nothing was found and not enough was read to say no",
        _STORE,
    ),
    Variable(
        "sensitivity",
        INT,
        "highest sensitivity found: 0 none, 1 ordinary, 2 higher impact, 3 special category or offence",
        "nothing was found and not enough was read to say no",
        _STORE,
    ),
    Variable("context.approved_regions", STRINGS, "regions the department allows", "not configured"),
    Variable("context.trusted_accounts", STRINGS, "outside accounts the department knows", "not configured"),
    Variable("context.minimum_tls", STRING, "lowest TLS version allowed, such as 1.2"),
    Variable("context.require_customer_managed_key", BOOL, "policy on customer-managed keys", "no policy set"),
    Variable("context.require_masking", BOOL, "policy on masking identifiers", "no policy set"),
    Variable("context.mandatory_tags", STRINGS, "tags every store must carry", "not configured"),
    Variable("register.has_owner", BOOL, "an information asset owner is named, in the register or by a tag",
             "the register names none and tags could not be read", _STORE, ("owner_tag",)),
    Variable("register.has_ropa_ref", BOOL, "a record of processing is referred to, in the register or by a tag",
             "the register names none and tags could not be read", _STORE, ("asset_register_ref",)),
    Variable("register.has_retention", BOOL, "a retention period or rule is recorded, in the register or by a tag",
             "the register has none and tags could not be read", _STORE, ("retention_tag",)),
    Variable("register.has_classification", BOOL, "a classification is declared, in the register or by a tag",
             "the register has none and tags could not be read", _STORE, ("classification_tag",)),
    Variable("register.has_location", BOOL, "the location is known from the provider or recorded in the register",
             "the register has none and the provider could not be asked", _STORE, ("region",)),
    Variable("register.has_dpia_ref", BOOL, "a DPIA is referred to in the register", subjects=_STORE),
    Variable("register.has_contract_ref", BOOL, "a contract is referred to in the register", subjects=_STORE),
    Variable("register.has_supplier", BOOL, "the register names a supplier that holds the store", subjects=_STORE),
    Variable("register.has_declared_categories", BOOL, "the register lists the categories of data", subjects=_STORE),
    Variable("register.has_retention_days", BOOL, "the register has a period in days", subjects=_STORE),
    Variable("register.retention_days", INT, "the recorded period", "not recorded in days", _STORE),
    Variable("register.declared_categories", STRINGS, "categories the register lists", "not recorded", _STORE),
    Variable("register.classification", STRING, "as declared", "not declared", _STORE, ("classification_tag",)),
    Variable("register.has_access_review", BOOL, "a review of outside access is recorded", subjects=_STORE),
    Variable("register.access_review_days", INT, "days since that review", "no review is recorded", _STORE),
    Variable("register.has_restore_test", BOOL, "a test of restoring is recorded", subjects=_STORE),
    Variable("register.restore_test_days", INT, "days since that test", "no test is recorded", _STORE),
    Variable("register.system_of_record", BOOL, "the store is the authoritative copy", "not recorded", _STORE),
    Variable("register.intended_public", BOOL, "meant for publication, with owner and date", subjects=_STORE),
    Variable("register.legal_regime", STRING, "uk_gdpr, dpa2018_part3 or both", subjects=_STORE),
    Variable(
        "engine_supported",
        BOOL,
        "whether the server version is supported: at least the one `supported_engines` of the context asks "
        "for; where it asks nothing of this engine, one that still gets security fixes",
        "neither the version nor its support is known",
        _STORE,
        ("engine_version_supported", "engine_version"),
    ),
)  # fmt: skip

VARIABLES: dict[str, Variable] = {
    **{
        f"safeguards.{s.id}": Variable(
            f"safeguards.{s.id}",
            s.type,
            s.present_means,
            "not seen, denied or failed",
            safeguards=(s.id,),
        )
        for s in SAFEGUARDS.values()
    },
    **{variable.name: variable for variable in _FIXED},
}

HOLDINGS = "holdings"

HOLDING_FIELDS: dict[str, HoldingField] = {
    field.name: field
    for field in (
        HoldingField("place", STRING, "where, as one line"),
        HoldingField("place_kind", STRING, "table, object, member, sheet"),
        HoldingField("types", STRINGS, "entity types found for certain, such as UK_NINO"),
        HoldingField("possible_types", STRINGS, "entity types only possibly there (mentions in free text)"),
        HoldingField("columns", STRINGS, "columns that hold personal data"),
        HoldingField("special", BOOL, "has an Article 9 category; missing where that is only possible", True),
        HoldingField("special_categories", STRINGS, "Article 9 categories found for certain"),
        HoldingField("offence", BOOL, "has criminal offence data; missing where that is only possible", True),
        HoldingField(
            "possible", BOOL, "an Article 9 category or offence data may be mentioned in it, unconfirmed"
        ),
        HoldingField(
            "possible_categories",
            STRINGS,
            "those possible categories (with `criminal offence` for Article 10)",
        ),
        HoldingField("sensitivity", INT, "1 ordinary, 2 higher impact, 3 special category or offence"),
        HoldingField("records", INT, "records with personal data, low estimate"),
        HoldingField("individuals", INT, "people, low estimate"),
        HoldingField("free_text", BOOL, "holds running text"),
        HoldingField("hidden", BOOL, "holds values that a reader of the file would not see"),
        HoldingField("mostly_test", BOOL, "mostly values from test ranges (only where treated as real)"),
        HoldingField("oldest_days", INT, "age of the oldest content in days; missing if unknown", True),
    )
}
"""Fields of an element `h` in `holdings.exists(h, …)` and `holdings.all(h, …)`."""
