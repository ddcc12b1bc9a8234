"""The critical path of a parcel."""

from hotfire import Actor, critical_path


@critical_path(
    owner="depot team <depot@example.org>",
    expected="The parcel is on its shelf.",
    rollback="Check the parcel in again where it was.",
)
def check_in(clerk: Actor) -> None:
    """Put a parcel on a shelf and find it."""
    number = clerk.unique("parcel")
    clerk.put(f"/parcels/{number}", json={"shelf": "a7"})
    clerk.get(f"/parcels/{number}")
