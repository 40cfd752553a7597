"""Long proofs: what only many repetitions can show. ``make soak`` runs them and prints figures."""
