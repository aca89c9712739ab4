"""How many examples a property is tried with: fewer at each change, all of them by `scripts/test --all`."""

import hypothesis

#: The names of hypothesis's profiles; `--hypothesis-profile` chooses one.
QUICK, WHOLE = "quick", "whole"
#: What hypothesis itself tries; the numbers in the tests are meant beside it.
_USUAL = 100
#: Below this it tries little more than the simplest.
_LEAST = 10


def register_profiles() -> None:
    """Name both profiles to hypothesis, and begin with the quick one."""
    for name, most in ((QUICK, 40), (WHOLE, _USUAL)):
        hypothesis.settings.register_profile(
            name,
            max_examples=most,
            # How long an example takes depends on what runs beside it.
            deadline=None,
            suppress_health_check=[hypothesis.HealthCheck.too_slow],
        )
    hypothesis.settings.load_profile(QUICK)


def examples(whole: int) -> int:
    """The number for `max_examples` where the whole suite tries so many; read as a test's file is."""
    chosen = hypothesis.settings.default
    assert chosen, "a profile is loaded above"
    return max(_LEAST, whole * chosen.max_examples // _USUAL)
