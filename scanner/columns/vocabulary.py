"""Words of column names: attributes, what changes their meaning, and what is not personal."""

from __future__ import annotations

from collections.abc import Mapping


def _w(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _p(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split("|") if part.strip())


NEUTRAL = _w(
    "number reference id identifier code value text of the a an uk current new old main primary secondary home work "
    "full raw clean latest last first 1 2 3 4 5 01 02 03 field column txt str string person customer client patient "
    "pupil student employee staff applicant claimant resident citizen user member tenant service subject individual "
    "data details detail your their self stated declared recorded reported known own contact s child parent carer "
    "learner offender defendant detainee prisoner partner spouse candidate driver owner holder payee beneficiary voter "
    "gbp pounds yrs years plain monthly weekly annual gross net please state enter what is are which do does any if so "
    "elector taxpayer worker attendee participant respondent complainant victim witness suspect inmate case su hh "
    "household sensitive protected characteristic characteristics eq edi monitoring hr lead joint second other"
)
"""Words beside a phrase that leave its meaning as it is."""

MODIFIERS = _w(
    "type status count counts total flag indicator date time name description model expiry expires issued issue start "
    "end verified check checked sent required score rate level size length hash template policy category group class "
    "method source format version preference preferred opt consent valid validity percentage percent pct average avg "
    "sum min max balance amount created updated bounce domain provider carrier limit manager team office department "
    "holder area zone band year month day target budget cost costs sector region district ward centre list requested due "
    "review approved notified make colour fee changed change received duration quality index spend event venue organisation project product "
    "grade grading scheme bank cohort programme strategy fund survey report topic subject course"
)
"""Words after a phrase that make it another thing: `card type`, `passport expiry`."""

TOPIC_TAILS = _w(
    "type status flag indicator name description category group class level main detail details list count yes no yn "
    "preference verified source format declared template index quality index1 hash date change make band year"
) - _w("date count source year make change")
"""Words after an attribute that leave it what it is: `ethnicity group`, `disability status`."""

HARMLESS = _w(
    "product item sku order orders invoice purchase stock asset barcode isbn title course module programme project "
    "company organisation organization supplier vendor department directorate division team unit site building room "
    "venue region ward constituency district borough area lsoa msoa oa zone authority council school college trust "
    "practice provider commissioner status state stage phase priority category type class grade band level quantity amount total "
    "balance price cost fee rate budget spend count score rank percent percentage latitude longitude lat lng lon long easting "
    "northing geom hash checksum md5 sha256 guid uuid url link href uri website colour color size weight height width length "
    "currency unit version build release file filename filepath path folder document template batch job queue server host "
    "hostname port protocol subject topic event action description notes comment comments remarks summary reason outcome "
    "result response created updated modified timestamp due start end opened closed received issued expiry expires "
    "year month week day quarter period term season frequency duration hours minutes active enabled deleted flag indicator "
    "row line seq sequence serial sort index key id ticket transaction txn payment receipt journal ledger gl nominal vat "
    "tender contract po job role post position occupation grade fte vacancy qualification skill language model make "
    "manufacturer brand colour fuel engine mileage route road street stop station platform service programme channel "
    "campaign segment dataset table schema column attribute source target system application app module screen page "
    "menu button feature species tree plant crop animal breed pet dog waste bin recycling collection tonnage meter "
    "reading tariff licence premises planning proposal application epc bedrooms tenure floor postcodes rooms capacity "
    "weather temperature rainfall sensor device equipment material part component drawing specification test sample lab "
    "drug ingredient recipe menu meal book author isbn publisher publication journal cohort subject exam award"
)
"""Words that make a column's name harmless, unless a personal phrase stands there too."""

ATTRIBUTES: Mapping[str, tuple[str, ...]] = {
    "PERSON": _p(
        "name|full name|fullname|forename|forenames|first name|firstname|given name|given names|givenname|christian name|surname|last name|"
        "lastname|family name|familyname|middle name|middle names|middlename|second name|maiden name|previous name|former name|known as|preferred name|"
        "alias|aliases|aka|person name|next of kin|nok|emergency contact|contact name|applicant|claimant|claimant name|"
        "applicant name|patient name|client name|carer|carer name|parent name|guardian|guardian name|parent guardian|social worker|"
        "caseworker|case worker|case officer|officer|officer name|line manager|manager|manager name|consultant|gp name|gp|"
        "named gp|doctor|teacher|tutor|form tutor|key worker|keyworker|landlord|landlord name|tenant|tenant name|owner|"
        "owner name|driver|driver name|employee|employee name|staff name|staff member|assigned to|allocated to|requested by|"
        "approved by|raised by|reported by|completed by|created by|entered by|updated by|modified by|author|signatory|payee|payee name|account holder|account name|cardholder|"
        "cardholder name|name on card|mother|mothers name|mother name|father|fathers name|father name|witness|witness name|victim|victim name|offender|"
        "offender name|defendant|defendant name|suspect|suspect name|councillor|attendee|participant|complainant|respondent|"
        "interviewer|assessor|assessor name|pupil name|student name|child name|childs name|resident|resident name|member name|"
        "borrower|customer name|sender name|recipient name|beneficiary|beneficiary name|deceased|deceased name|spouse|spouse name|"
        "partner name|sibling|elector name|voter name|occupier|occupant|householder|prisoner name|candidate|candidate name|"
        "practitioner|clinician|nurse|midwife|health visitor|advocate|solicitor|executor|trustee|foster carer|adopter|"
        "investigating officer|arresting officer|oic|officer in charge|probation officer|handler|inspector|reporter|caller|caller name|"
        "user full name|display name|displayname|cn|person|who|client|patient|pupil|student|customer|volunteer|volunteer name|lead name|staff|surname forename|name of person|head teacher|headteacher"
    ),
    "ADDRESS": _p(
        "address|addresses|address line|address 1|address 2|address 3|address line 1|address line 2|address line 3|address1|address2|address3|"
        "addr1|addr2|addr3|addr l1|addr l2|home address|full address|postal address|street address|street|street name|road name|house number|house name|house name number|"
        "property address|correspondence address|mailing address|delivery address|billing address|residential address|town|post town|posttown|city|"
        "town city|county|locality|flat|flat number|building name|building number|premises|last known address|previous address|current address|thoroughfare|"
        "paon|saon|residence|place of residence|usual address|line 1|line 2|line 3|site address|supply address|address block"
    ),
    "DATE_OF_BIRTH": _p("dob|d o b|date of birth|birth date|birthdate|birthday|born on|date born|dateofbirth|birth dt|child dob|geboortedatum|birth|year of birth|birth year|yob"),
    "AGE": _p("age|age at|age years|age in years|years old|age at referral|age at death|age last birthday|age on admission|patient age|current age|age now|age at incident|age at offence|agey"),
    "GENDER": _p("gender|sex|gender identity|sex at birth|gender code|sex code|legal sex|birth sex|trans status|trans|gender reassignment|mf|m f|sexo|person gender|person stated gender|phenotypic sex"),
    "MARITAL_STATUS": _p("marital status|marital|civil status|marriage status|legal partnership status|partnership status|relationship status|marital state|married|marital condition|civil partnership status|maritalstatus"),
    "NATIONALITY": _p("nationality|nationality 1|nationalities|citizenship|country of citizenship|citizen of|country of nationality|passport nationality|national identity|country of origin"),
    "SALARY": _p("salary|basic salary|gross|gross monthly|monthly gross|annual gross|basic annual|sal fte|salary fte|fte sal|net monthly|actual salary|wage gross|annual salary|basic pay|gross pay|net pay|annual pay|pay rate|wages|wage|take home pay|remuneration|gross income|net income|annual income|household income|monthly income|earnings|stipend|pensionable pay|fte salary|sal|spinal point salary|gross salary|benefit income|base salary|base pay"),
    "USERNAME": _p("username|user name|login|login name|login id|logon|logon id|user id|userid|windows login|network id|ad account|samaccountname|screen name|twitter handle|user principal name|nt id|login user"),
    "ETHNICITY": _p(
        "ethnicity|ethnic origin|ethnic group|ethnic|ethnic category|ethnic background|ethnic code|race|racial group|racial origin|self defined ethnicity|"
        "sde|officer defined ethnicity|ic code|race ethnicity|ethnicgroup|ethnicity code|ethnos|eth origin|ethnic identity|heritage|cultural background|ethnic appearance|observed ethnicity"
    ),
    "RELIGION": _p("religion|religious belief|religious beliefs|faith|belief|religion or belief|religion belief|denomination|religious affiliation|religious denomination|religious group|faith group|rel belief|place of worship|worship|philosophical belief|religious observance|community background"),
    "SEXUAL_ORIENTATION": _p("sexual orientation|sexuality|orientation|sexual identity|sexual preference|sex orientation|lgbt|lgbtq|lgbtq plus|sexual orient|sexual activity|sex life"),
    "POLITICAL_OPINION": _p(
        "political opinion|political opinions|political party|party affiliation|political affiliation|voting intention|party membership|"
        "political view|political views|party support|voted for|vote intention|voting preference|party preference|political belief|political beliefs|political leaning|last vote|"
        "party|party supported|canvass|canvass result|canvass response|supporter of party"
    ),
    "TRADE_UNION": _p("trade union|union|union member|union membership|union name|tu membership|trade union member|trade union membership|union subs|union subscription|union dues|union deduction|union rep|tu member|tu name|union fee|union code|tu|recognised union|staff side|check off"),
    "GENETIC": _p("genetic|genetics|genotype|genetic test|genetic test result|genetic result|genetic marker|gene|genes|variant|mutation|allele|alleles|brca|brca status|dna|dna profile|dna sample|dna reference|karyotype|hla type|hla|genome|snp|rsid|haplotype|carrier status|genomic|sequencing result|gene variant|genetic condition|genetic variant|hgvs|zygosity|inherited variant"),
    "BIOMETRIC": _p(
        "biometric|biometrics|biometric id|biometric data|biometric hash|biometric template|fingerprint|fingerprints|finger print|"
        "fingerprint template|face template|facial template|facial image|facial recognition|face encoding|face embedding|iris|iris scan|iris code|retina|retinal scan|voice print|voiceprint|"
        "palm print|palm|face vector|face id|template data|fp template|fingerprint image|face scan|facial scan|minutiae|bio template|finger template|hand geometry|gait|thumbprint|thumb print|bio modality|finger position|livescan"
    ),
    "HEALTH": _p(
        "llddhe|lldd|health|medical|diagnosis|diagnoses|primary diagnosis|secondary diagnosis|disability|disabilities|disabled|is disabled|medical condition|"
        "medical conditions|health condition|health conditions|long term condition|long term conditions|ltc|condition|conditions|comorbidities|comorbidity|illness|"
        "medication|medications|medicine|medicines|prescription|prescribed|drug|drug name|drug prescribed|prescribed drug|current medication|dose|dosage|allergy|allergies|allergen|impairment|impairments|"
        "symptom|symptoms|presenting complaint|presenting problem|treatment|treatments|procedure code|operation|opcs|opcs code|opcs4|icd|icd 10|icd10|icd code|icd 10 code|snomed|snomed code|snomed ct|sct id|snomedct|concept id|"
        "read code|ctv3|clinical code|clinical term|clinical notes|bnf|bnf code|mental health|mental capacity|mental illness|learning disability|learning difficulty|pregnant|pregnancy|"
        "smoker|smoking status|smoking|alcohol units|alcohol consumption|bmi|blood type|blood group|bloodgroup|blood pressure|systolic|diastolic|hba1c|cholesterol|vaccination|"
        "vaccinated|vaccine|vaccination status|immunisation|immunisations|covid status|covid test|test result covid|hiv|hiv status|hepatitis|sen|sen status|send|sen need|sen type|sen provision|primary need|primary sen need|"
        "sen primary need|ehcp|ehc plan|special needs|special educational needs|additional needs|support needs|access needs|care needs|sickness reason|absence reason|sick reason|reason for absence|sickness absence reason|sickness|"
        "sick leave|fit note|fit note reason|occupational health|oh outcome|reasonable adjustment|reasonable adjustments|cause of death|death cause|injury|injuries|injury type|injury details|hearing|vision|visual impairment|mobility|wheelchair|wheelchair user|frailty|"
        "frailty score|phq9|phq 9|gad7|gad 7|care plan|dnacpr|admission reason|reason for admission|discharge diagnosis|clinical|cancer|cancer type|tumour|tumour site|diabetes|diabetic|asthma|asthmatic|"
        "epilepsy|dementia|autism|autistic|adhd|depression|substance misuse|mhsds|health status|health problem|health problems|health issues|self rated health|general health|day to day activities|pip award reason|esa reason|incapacity|"
        "capability for work|lcwra|disease|disease name|morbidity|therapy|therapy type|counselling|mh cluster|section mha|mha section|"
        "dietary medical|medical notes|medical info|medical information|medical needs|gp notes|problem code|health need|health needs|blood test|viral load|cd4 count|weight kg bmi|contraception|menstrual|clinical finding|presenting condition|disability type|nature of disability|primary condition|main condition|main disability|main health condition"
    ),
    "CRIMINAL_OFFENCE": _p(
        "endorsement|endorsements|endorsement code|driving endorsement|motoring conviction|dvla endorsement|offence|offences|offense|offence description|offence type|offence code|main offence|index offence|offence title|offence category|crime|crimes|crime type|crime category|conviction|convictions|"
        "previous convictions|unspent convictions|spent convictions|has convictions|criminal record|criminal history|criminal convictions|charge|charges|charged with|plea|verdict|sentence|sentences|"
        "sentence type|sentence length|sentencing|court outcome|court result|disposal|disposals|disposal type|caution|cautions|arrest|arrests|arrest reason|reason for arrest|arrested for|allegation|allegations|offender|is offender|"
        "offending|offending history|probation|probation status|licence conditions|bail|bail status|bail conditions|custody|custody status|remand|remand status|dbs result|dbs outcome|dbs disclosure|disclosure result|disclosed convictions|conviction flag|"
        "warning marker|warning markers|police warning|risk of serious harm|rosh|mappa|mappa level|mappa category|sex offender|reoffending|ogrs|asbo|cjs outcome|cjs code|ho offence code|home office offence code|offence group|prosecution|prosecution outcome|suspected offence|alleged offence|gang affiliation|convicted|convicted of"
    ),
}  # fmt: skip
"""Phrases of column names beyond those that the identifiers bring."""
