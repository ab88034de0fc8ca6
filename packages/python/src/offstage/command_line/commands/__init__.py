"""The commands, a module each; `main` loads the one that is asked for."""
