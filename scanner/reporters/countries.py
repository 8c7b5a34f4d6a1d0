"""Countries of the cloud providers' regions, from their public region lists.

Used to show where data is, and whether that is outside the United Kingdom. A region that
is not listed has an unknown country: it is never guessed from its name.
"""

from __future__ import annotations

UNITED_KINGDOM = "United Kingdom"

_REGIONS = {
    UNITED_KINGDOM: "eu-west-2 uksouth ukwest europe-west2 uk",
    "Ireland": "eu-west-1 northeurope",
    "France": "eu-west-3 francecentral francesouth europe-west9",
    "Germany": "eu-central-1 eusc-de-east-1 germanywestcentral germanynorth europe-west3 europe-west10",
    "Switzerland": "eu-central-2 switzerlandnorth switzerlandwest europe-west6",
    "Sweden": "eu-north-1 swedencentral swedensouth europe-north2",
    "Italy": "eu-south-1 italynorth europe-west8 europe-west12",
    "Spain": "eu-south-2 spaincentral europe-southwest1",
    "Netherlands": "westeurope europe-west4",
    "Belgium": "belgiumcentral europe-west1",
    "Norway": "norwayeast norwaywest",
    "Denmark": "denmarkeast",
    "Austria": "austriaeast",
    "Poland": "polandcentral europe-central2",
    "Finland": "europe-north1",
    "United States": (
        "us-east-1 us-east-2 us-west-1 us-west-2 us-gov-east-1 us-gov-west-1 eastus eastus2 westus westus2 "
        "westus3 usgovvirginia usgovarizona usgovtexas usdodeast usdodcentral centralus northcentralus southcentralus westcentralus us-central1 us-east1 us-east4 us-east5 "
        "us-south1 us-west1 us-west2 us-west3 us-west4 us nam4"
    ),
    "Canada": "ca-central-1 ca-west-1 canadacentral canadaeast northamerica-northeast1 northamerica-northeast2",
    "Mexico": "mx-central-1 mexicocentral northamerica-south1",
    "Brazil": "sa-east-1 brazilsouth brazilsoutheast southamerica-east1",
    "Chile": "chilecentral southamerica-west1",
    "India": "ap-south-1 ap-south-2 centralindia southindia westindia jioindiacentral jioindiawest asia-south1 asia-south2",
    "Singapore": "ap-southeast-1 southeastasia asia-southeast1",
    "Australia": (
        "ap-southeast-2 ap-southeast-4 australiaeast australiasoutheast australiacentral australiacentral2 "
        "australia-southeast1 australia-southeast2"
    ),
    "Indonesia": "ap-southeast-3 indonesiacentral asia-southeast2",
    "Malaysia": "ap-southeast-5 malaysiawest",
    "New Zealand": "ap-southeast-6 newzealandnorth",
    "Thailand": "ap-southeast-7",
    "Japan": "ap-northeast-1 ap-northeast-3 japaneast japanwest asia-northeast1 asia-northeast2",
    "South Korea": "ap-northeast-2 koreacentral koreasouth asia-northeast3",
    "Hong Kong": "ap-east-1 eastasia asia-east2",
    "Taiwan": "ap-east-2 asia-east1",
    "China": "cn-north-1 cn-northwest-1 chinaeast chinaeast2 chinanorth chinanorth2 chinanorth3",
    "Bahrain": "me-south-1",
    "United Arab Emirates": "me-central-1 uaenorth uaecentral",
    "Qatar": "qatarcentral me-central1",
    "Saudi Arabia": "me-central2",
    "Israel": "il-central-1 israelcentral me-west1",
    "South Africa": "af-south-1 southafricanorth southafricawest africa-south1",
    "European Union (several countries)": "eu eur4 eur5",
}
_COUNTRY = {region: country for country, regions in _REGIONS.items() for region in regions.split()}
# A register may say the country itself.
_COUNTRY |= {country.lower().replace(" ", ""): country for country in _REGIONS}


def country(region: str | None) -> str | None:
    """Country of a provider's region code (or of a country's own name), None where not known."""
    return _COUNTRY.get(region.lower().replace(" ", "")) if region else None


def restricted_transfer(region: str | None) -> str:
    """By location alone: `no` in the United Kingdom, `check` outside it, else `unknown`."""
    where = country(region)
    if where is None:
        return "unknown"
    return "no" if where == UNITED_KINGDOM else "check"
