"""What people say in many languages, as data: one module per subject or group of languages."""
