from hotfire.model.perturbation import Script, Send
from hotfire.perturbations import script
from hotfire.perturbations.none import Undisturbed
from hotfire.testing import STEP, baseline, trial


def test_the_step_is_sent_as_it_is_and_the_path_is_undone_behind_it() -> None:
    made = script(trial(baseline(lambda _: []), "rollback", "undone"))
    assert made.requests(STEP) == (Send(retry=False),)
    assert made.undoes
    assert not made.aims
    assert made.perturbation.says() == "played to its end, then undone"


def test_no_other_perturbation_undoes() -> None:
    assert not Script.of(Undisturbed()).undoes
