"""From the sections of a document to the rules: each file compiles what the file of its name in `documents` says."""
