//! The repository's rules, as tests (`tests/`): they name the step that was forgotten.
