"""The points that the tests of perturbations aim at, and one that they must leave alone."""

from hotfire.model.step import Step
from hotfire.testing import commit, exchange, statement

STEP = Step(actor="ann", method="POST", route="/orders")
AIM = commit("INSERT INTO orders VALUES ($)")
WHERE = {"dependency": "db", "signature": AIM.signature}

CALL = exchange(AIM).call
DONE = exchange(AIM)

SECOND = exchange(commit("INSERT INTO orders VALUES ($)", occurrence=2))
ELSEWHERE = exchange(commit("INSERT INTO orders VALUES ($)", dependency="other"))
BEFORE = exchange(statement("INSERT INTO orders VALUES ($)"))
OTHERS = (SECOND, ELSEWHERE, BEFORE)
