"""The critical path of recording a training."""

from hotfire import Actor, critical_path, sign_in


@sign_in
def trainer(nobody: Actor) -> None:
    """Ann signs in by the form."""
    nobody.submit(nobody.page("/sign-in"), "form", username="ann", password="correct horse")


@sign_in(like="trainer")
def other_trainer(nobody: Actor) -> None:
    """Bob does."""
    nobody.submit(nobody.page("/sign-in"), "form", username="bob", password="correct horse")


@critical_path(
    owner="training team <training@example.org>",
    expected="The training stands in the trainer's list, once.",
    rollback="Delete the training by hand.",
)
def record_training(trainer: Actor) -> None:
    """Fill the form in and see the list."""
    form = trainer.page("/trainings/new")
    done = trainer.submit(form, "form", trainee=trainer.unique("eve"), kind="Welcome")
    trainer.get(done.location_path)
