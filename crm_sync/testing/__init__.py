"""Contract suites for authors of connectors, CRMs and ledgers."""
