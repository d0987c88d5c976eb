"""Who can read a dataset in fact, way by way; no controls, but what they will be made of."""
