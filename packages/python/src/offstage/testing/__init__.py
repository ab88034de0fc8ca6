"""What tests share; not in the wheel."""
