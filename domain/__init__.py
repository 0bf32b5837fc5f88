"""What the business allows: verbs, which do, and rules, which decide."""
