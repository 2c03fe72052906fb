"""From an assessment to a recommendation, a policy document, and the formats that enforce it."""
