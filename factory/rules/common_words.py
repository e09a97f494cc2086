"""Words that say nothing about what a text is about, normalised, in the languages that goals come in."""

_WORDS = """
a an and are as at be but by can do for from has have how if in into is it its must no not of on or our should so
that the their then there this to up was we when which will with you your
ali bez bi biti da do ga i ili iz ih im je jer jos kad kada kako ko koja koje koji kod li mora na ne nije o od oko
po prema pri sa se smo su sto sta te ti to treba u uz za
"""
COMMON_WORDS = frozenset(_WORDS.split())
