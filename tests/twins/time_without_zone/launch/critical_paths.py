"""The critical path of calibrating a robot."""

from hotfire import Actor, critical_path


@critical_path(
    owner="robot team <robot@example.org>",
    expected="The calibration is there, with the moment at which it was made.",
    rollback="Delete the calibration by hand.",
)
def calibrate_robot(robot: Actor) -> None:
    """Calibrate, and look at it."""
    made = robot.post("/calibrations", json={"x": 0.25, "y": -1.5}, repeat="each").json()["id"]
    robot.get(f"/calibrations/{made}")
