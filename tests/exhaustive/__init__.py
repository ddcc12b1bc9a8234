"""The pruning's proof: every round trip explored, and no end state there that the planned trials do not reach too."""
