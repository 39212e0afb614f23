"""What the rooms promise one another; an implementation is right when it passes these."""
