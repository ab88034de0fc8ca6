"""What workflows that Offstage exports as Python run on."""
