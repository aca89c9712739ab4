"""How long the form takes: one measured figure, used by the page and the posters alike."""

#: Every question answered on a phone of 360 × 640 and sent, without what is written: a tap every 1.5 s,
#: and every word on the screens read once, at the pace at which Vietnamese is spoken aloud.
#: `test_effort.py` measures it, and fails when the form has grown longer or shorter than this.
SECONDS = 111
MINUTES = -(-SECONDS // 60)
