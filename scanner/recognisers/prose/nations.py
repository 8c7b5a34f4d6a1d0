"""The words that the nationality of somebody in prose is told by."""

from __future__ import annotations

import functools

from scanner.common.lexicon import words

_FIRSTS = frozenset(
    "south north northern sri new saudi costa sierra central equatorial cape papua east st saint".split()
)
_MORE = frozenset(
    "slovene kurdish saudi tibetan catalan basque cornish manx soviet yugoslav czechoslovak bavarian prussian "
    "galician sicilian corsican flemish persian ottoman rhodesian greenlandic faroese hawaiian argentinean kosovar "
    "chechen uyghur norman anglo-irish".split()
)
NOUNS = frozenset(
    "briton britons brits spaniard spaniards turks danes swede swedes finns scots serb serbs croat croats kurd kurds "
    "kiwis aussie aussies englishman englishwoman englishmen irishman irishwoman irishmen scotsman scotswoman "
    "scotsmen welshman welshwoman welshmen frenchman frenchwoman frenchmen dutchman dutchwoman dutchmen arabs "
    "slovenes czechs slovaks greeks uzbeks tajiks kazakhs thais filipinos saudis icelander icelanders luxembourger "
    "zealanders".split()
)
"""Nouns that are somebody wherever they stand."""
LANGUAGES = frozenset(
    "english french german spanish italian polish arabic portuguese russian chinese japanese welsh irish dutch greek "
    "turkish romanian bengali punjabi somali ukrainian persian vietnamese korean swedish norwegian danish finnish "
    "urdu hindi".split()
)
LANGUAGE_WORK = frozenset(
    "teacher teachers tutor tutors interpreter interpreters translator translators lecturer lecturers speaker "
    "speakers graduate learner learners".split()
)
"""Work with a language: `a Polish interpreter` need not be Polish."""
THINGS = frozenset(
    "restaurant takeaway bakery embassy consulate horn language literature history studies government parliament bank "
    "airlines airways club museum council ministry company newspaper cuisine food wine beer flag windows window "
    "dressing list lists mist fist twist gist wrist checklist playlist shortlist consists exists insists assists "
    "resists persists pastry law border coast channel premier university association federation institute".split()
)
"""Between a nation and a word for people these are what the nation belongs to: `French horn player`."""
CAPITALS = frozenset(
    "army navy air force royal marine marines christian muslim jewish catholic protestant orthodox sunni shia shiite "
    "hindu sikh buddhist special olympic olympian international roman conservative labour democratic republican "
    "communist socialist nobel oscar grammy bafta test formula foreign prime interior defence indigenous".split()
)
"""Words with a capital that may stand between a nation and a word for people."""
FAITHFUL = frozenset("christian muslim catholic protestant jew sikh hindu buddhist".split())
STOP = frozenset(
    "of in for at on by with from to the a an is was are were has had have will would can or but as that which who "
    "it its this into over under".split()
)
WORKERS = tuple(
    "ologist ologists ographer ographers mason masons smith wright keeper keepers woman women player "
    "players ist ists".split()
)
"""Endings of more words for people than a list holds."""
NOBODY = frozenset(
    "national communist socialist fascist nationalist racist sexist feminist capitalist separatist islamist modernist "
    "realist surrealist impressionist minimalist populist royalist loyalist unionist specialist leftist rightist "
    "imperialist colonialist federalist".split()
)
"""Words for people that are said of things as often: somebody where no noun follows."""
AFTER_GENERAL = frozenset(("", "who", "and", "of", "in", "was", "said", "to"))
"""After `general` where that is somebody: `a Peruvian general who`, not `the British general election`."""
OFFICES = frozenset(
    "minister secretary general senator admiral archbishop colonel captain judge premier cardinal president "
    "ambassador prince princess king queen emperor chancellor".split()
)
"""Words for people that a name may follow with a capital: `the French President`."""
NAMED_SO = frozenset(
    "widow widows ranger rangers scientist pilot master guards legionnaire pioneer soldier".split()
)
"""Words for people that with a capital belong to an organisation's or a thing's name."""
TITLES = frozenset(
    "mr mrs ms miss dr prof professor sir lady lord rev councillor cllr dame judge pc sgt".split()
)
STARTS = frozenset(
    "the a an two three four five six seven eight nine ten several many most some both all other young old former "
    "fellow this that these those his her their our its retired late one another famous first second and or with of "
    "by for to in from as when while eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen "
    "twenty thirty hundreds thousands dozens scores millions more over nearly almost about around armed local top "
    "only meanwhile today yesterday monday tuesday wednesday thursday friday saturday sunday naturalised naturalized "
    "leading senior part".split()
)
"""Words that a sentence begins with before a nationality; another capital before it makes it a name."""
SUBJECTS = frozenset(
    "she he i we you they who both all mother father mum dad parents wife husband partner son daughter client patient "
    "tenant claimant applicant brother sister family child children sponsor carer mom".split()
)
BE = frozenset(("is", "was", "are", "were", "am", "be", "being"))
CONTRACTED = frozenset(
    word + mark + end
    for word, end in (
        ("she", "s"), ("he", "s"), ("who", "s"), ("i", "m"), ("we", "re"), ("you", "re"), ("they", "re"),
    )
    for mark in "'’"
)  # fmt: skip
BY_THE_WAY = frozenset("so half originally also now both still very not all proudly".split())
"""What may stand between `is` and what somebody is."""
AFTER_PREDICATE = frozenset(
    "and but or by on from so it who in with though although while when since at because too originally born as "
    "if".split()
)
SAID = frozenset(
    "said says was is who had has told won added scored took will came arrived finished beat".split()
)
FURTHER = frozenset(
    "visa visas manual guide shirt shirts uniform uniforms identification identity identifier number numbers license "
    "licence code card registration tax rights association union club".split()
)
"""After a word for people these make it a thing's: `player manual`."""
SECONDS = frozenset(
    "african irish korean lankan zealander zealanders arabian rican leonean verdean sudanese".split()
)
"""Second words of a nation of two words; alone, some are nations too."""
ALONE = frozenset(("irish", "korean", "sudanese"))


@functools.cache
def demonyms() -> frozenset[str]:
    """Single words for a nation's people, adjectives and nouns, in small letters."""
    listed = words("nationalities")
    single = {word for word in listed if word.isalpha() and word.isascii()}
    seconds = {word.split()[-1] for word in listed if word.split()[0] in _FIRSTS}
    adjectives = (single | seconds | _MORE) - {"stateless", "national", "citizen"}
    return frozenset(adjectives | NOUNS | {word + "s" for word in adjectives if word.endswith(("an", "i"))})


@functools.cache
def plurals() -> frozenset[str]:
    """Those that are nouns for people wherever they stand."""
    every = demonyms()
    return frozenset(word for word in every if word.endswith("s") and word[:-1] in every) | NOUNS


@functools.cache
def people() -> frozenset[str]:
    """Words for people, singular and plural."""
    singular = words("people")
    men = {word[:-3] + "men" for word in singular if word.endswith("man")}
    return frozenset(singular | men | {word + "s" for word in singular})
