"""The critical path of a parcel."""

from hotfire import Actor, critical_path


@critical_path(
    owner="parcel team <parcels@example.org>",
    expected="Whoever asks is told where the parcel is.",
    rollback="Note the place before.",
    deadline=5.0,
)
def move_parcel(courier: Actor) -> None:
    """Note where a parcel is, and ask for it."""
    number = courier.unique("parcel")
    courier.put(f"/parcels/{number}", json={"place": "Hamburg"})
    courier.get(f"/parcels/{number}")
