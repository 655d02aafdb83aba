"""Fitting what a score is worth, on articles that the models were not trained on."""
