"""Evidence as files: a signed attestation, a page and a printed report."""
