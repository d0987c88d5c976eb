"""One file for each place that facts come from; nobody could look is a fact too, never an empty answer."""
