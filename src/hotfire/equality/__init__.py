"""The state-equality oracle: whether two final states are the same, up to renaming of generated values.

    oracle = Oracle.learn([State(rows=history.state) for history in baseline.clean], baseline.columns, baseline.ignore)
    match oracle.compare(State(rows=trial.state)): …      Equal | Different | NotComparable

Pure: no clock, no luck. In reading order: outcome (what is asked and answered), record (rows, answers and JSON as
cells), reading (how a value's text reads), noise (what is generated), atoms (long values inside of texts), graph (the
canonical form), wording (the difference in the user's words), oracle.
"""

from hotfire.equality.oracle import Oracle, compare_any
from hotfire.equality.outcome import Comparison, Difference, Different, Equal, NotComparable, State

__all__ = ["Comparison", "Difference", "Different", "Equal", "NotComparable", "Oracle", "State", "compare_any"]
