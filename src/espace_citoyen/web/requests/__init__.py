"""« Suivi de la demande », the same at every door: a module per tab, what they share in `view` and `deeds`."""
