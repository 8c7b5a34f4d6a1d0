"""Tax references, bank accounts and cards."""

from __future__ import annotations

from scanner.recognisers.uk import checks
from scanner.recognisers.uk.spec import Route, S, Spec, spec

_CARD_S = "[ \u00a0\u2009-]?"


SPECS: tuple[Spec, ...] = (
    spec(
        "UK_UTR",
        "taxpayer reference",
        f"K?[0-9]{{5}}{S}[0-9]{{5}}K?",
        check=checks.utr,
        check_name="modulus 11",
        chance=0.1,
        leads=(0, 1),
        context="utr|unique taxpayer|taxpayer reference|tax reference|tax ref|self assessment|self-assessment|"
        "hmrc|corporation tax|cis|sa utr|income tax",
        headers="utr|utr number|utr no|unique taxpayer reference|unique tax reference|tax reference|tax ref|"
        "taxpayer reference|taxpayer ref|sa utr|ct utr|self assessment reference|tax ref no|"
        "unique taxpayer ref|tax payer reference|utr ref|sole trader utr|contractor utr",
        source="OECD tax identification numbers, United Kingdom; python-stdnum gb.utr",
    ),
    spec(
        "UK_VAT_NUMBER",
        "VAT number",
        f"(?:GB|XI)?{S}[0-9]{{3}}{S}[0-9]{{4}}{S}[0-9]{{2}}(?:{S}[0-9]{{3}})?",
        check=checks.vat,
        check_name="modulus 97",
        chance=0.0288,
        leads=(0, 2),
        strong=f"(?i:(?:GB|XI){S}[0-9]{{3}}{S}[0-9]{{4}}{S}[0-9]{{2}}(?:{S}[0-9]{{3}})?)",
        base=0.6,
        context="vat|v.a.t|vat registered|vat-registered|value added tax|vat reg|vat registration|vat no|vat number|vrn",
        headers="vat|vat number|vat no|vat num|vat reg|vat reg no|vat registration|vat registration number|vrn|"
        "vat reference|supplier vat|vat id|vat ref|vat regn no",
        source="HMRC, VAT registration number; python-stdnum gb.vat",
    ),
    spec(
        "UK_SORT_CODE",
        "sort code",
        "[0-9]{2}(?:[ ]-[ ]|[ \u00a0\u2010\u2011\u2013-])?[0-9]{2}(?:[ ]-[ ]|[ \u00a0\u2010\u2011\u2013-])?[0-9]{2}",
        check=checks.sort_code,
        check_name="issued range",
        chance=0.97,
        context="sort code|sortcode|sort-code|sort|s/c|bank|bacs",
        headers="sort code|sortcode|sort cd|bank sort code|branch sort code|sort|bank sort|sc|payee sort code|"
        "sort code no|bacs sort code|beneficiary sort code",
        source="Pay.UK, sort codes: six digits, written 2-2-2",
    ),
    spec(
        "UK_BANK_ACCOUNT",
        "bank account number",
        "[0-9]{4}[ \u00a0]?[0-9]{4}",
        check=checks.varied,
        check_name="eight digits",
        chance=1.0,
        context="account number|account no|acct|a/c|account num|bank account|acc no|account:|account|bacs|paid into|pays into|"
        "sort code|sort|s/c|bank details",
        headers="account number|account no|acc no|acct no|bank account|bank account number|bank account no|account|"
        "acct number|a c number|a c no|account num|bank acc|bank acc no|payee account|bacs account|acc number|"
        "accountnumber|accountno|beneficiary account number|bank ac no|customer account number",
        source="Pay.UK: account numbers have eight digits (modulus tables may not be shipped)",
    ),
    spec(
        "IBAN_CODE",
        "IBAN",
        "[A-Z]{2}[0-9]{2}(?:[ \u00a0-]?[A-Z0-9]{4}){2,7}(?:[ \u00a0-]?[A-Z0-9]{1,3})?",
        check=checks.iban,
        check_name="country length and modulus 97",
        chance=0.0005,
        test_range=checks.iban_test,
        leads=(2,),
        needs_context=False,
        base=0.95,
        context="iban|international bank account|account|swift|bic",
        headers="iban|iban code|iban number|iban no|bank iban|account iban|international bank account number|"
        "payee iban|beneficiary iban|supplier iban",
        source="ISO 13616 register of IBAN formats",
    ),
    spec(
        "CREDIT_CARD",
        "payment card",
        f"[0-9]{{4}}(?:{_CARD_S}[0-9]{{4}}){{3}}(?:{_CARD_S}[0-9]{{3}})?"
        f"|3[0-9]{{3}}{_CARD_S}[0-9]{{6}}{_CARD_S}[0-9]{{4,5}}|[0-9]{{12,19}}",
        check=checks.card,
        check_name="issuer range and Luhn",
        chance=0.025,
        test_range=checks.card_test,
        needs_context=False,
        base=0.7,
        context="card|visa|mastercard|amex|american express|debit|credit|pan|maestro|payment|expiry|cvv|cvc",
        headers="card number|card no|card num|credit card|credit card number|credit card no|debit card|"
        "debit card number|cc number|cc no|ccn|pan|payment card|card pan|payment card number|cardnumber|"
        "primary account number|purchase card number|gpc card number|card",
        source="ISO/IEC 7812 (Luhn); issuer ranges as published by the card schemes",
    ),
    spec(
        "SALARY",
        "pay",
        "£?[ \u00a0]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{4,6})(?:\\.[0-9]{2})?"
        "(?:[ ](?:per annum|p\\.a\\.|pa|a year|per year|a month|per month|pcm|gross|net))?",
        route=Route.LABEL,
        labels="salary of|salary is|annual salary|salary|gross pay|net pay|basic pay|annual pay|wage|"
        "take home pay|take-home pay|earns|earning|monthly income|annual income|gross income",
        headers="salary|annual salary|basic salary|gross salary|net salary|basic pay|gross pay|net pay|"
        "annual pay|fte salary|actual salary|pensionable pay|monthly pay|pay|wage|wages|weekly wage|"
        "gross annual pay|total pay|remuneration|income|annual income|household income|gross income|"
        "monthly income|net income|hourly rate|pay rate|earnings|total earnings",
        source="amount in pounds beside a word for pay",
    ),
    spec(
        "SALARY",
        "pay with its period",
        "£[ \u00a0]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{2,6})(?:\\.[0-9]{2})?(?:[ ]?"
        "(?:per annum|p\\.a\\.?|pa|a year|per year|yearly|p/a|a month|per month|monthly|p\\.?c\\.?m\\.?|a week|per week|weekly|"
        "p\\.?w\\.?|p/w|an hour|per hour|p/h|ph|gross|net|k p\\.?a\\.?|k)){1,2}",
        check=checks.varied,
        check_name="amount and period",
        chance=0.9,
        route=Route.ANCHOR,
        anchors=("£",),
        context="job pays|employer pays|pays him|pays her|net pay|gross pay|basic pay|pay of|pay is|rate of pay|salary|earn|earns|earning|wage|wages|job|employer|employed|employment|income|pension|"
        "gross|net|payslip|works|working|worked|overtime|fte|pro rata|full time|part time|full-time|part-time|on £|is on|was on|am on|currently on|takes home|take home",
        source="amount in pounds for a year, month, week or hour beside a word for work",
    ),
)
