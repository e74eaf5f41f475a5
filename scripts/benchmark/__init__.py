"""`scripts/bench`: what the portal costs, as ratios between things measured in the same minute."""
