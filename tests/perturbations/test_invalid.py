from hotfire.model.edit import Edit, written
from hotfire.model.perturbation import Script
from hotfire.model.trial import Scalar, Trial
from hotfire.perturbations import is_reference, script
from hotfire.perturbations.invalid import Invalid
from tests.perturbations.points import STEP

FILL = Edit(part="body", place="/note", act="insert", value='"x"')
WRONG = Edit(part="body", place="/qty", value="0")

_ARGUMENTS: list[dict[str, Scalar]] = [
    {"edits": "[]", "sentence": "nothing wrong"},
    {"edits": "[]", "sentence": "qty: 0", "keyword": "minimum"},
]


def test_the_request_is_sent_once_with_its_edits_the_wrong_one_last() -> None:
    perturbation = Invalid(edits=written((FILL, WRONG)), place="qty", keyword="minimum", sentence="qty: 0")
    (send,) = Script.of(perturbation).requests(STEP)
    assert send.edits == (FILL, WRONG)
    assert not send.retry
    assert not send.taken
    assert perturbation.says() == "qty: 0"


def test_its_trials_share_a_process_and_replay() -> None:
    arguments = {"edits": written((WRONG,)), "place": "qty", "keyword": "minimum", "sentence": "qty: 0", "proven": True}
    trial = Trial(path="buy", step="s", check="inputs", perturbation="invalid", arguments={**arguments})
    assert script(trial).shares
    assert script(trial).perturbation == Invalid(**arguments)  # type: ignore[arg-type]


def test_what_another_row_has_is_named_by_its_column_and_known_to_the_world_only() -> None:
    (send,) = Invalid(edits=written((WRONG,)), sentence="qty: taken", taken="db.orders.qty").requests(STEP)
    assert send.taken == "db.orders.qty"


def test_the_request_as_it_was_filled_in_is_what_others_are_judged_against() -> None:
    filled, wrong = (
        Trial(path="buy", step=STEP.key, check="inputs", perturbation="invalid", arguments=arguments)
        for arguments in _ARGUMENTS
    )
    assert is_reference(filled)
    assert not is_reference(wrong)
