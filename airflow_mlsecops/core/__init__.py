"""The nouns of the product and its pure judgement: no I/O, no clock, no Airflow."""
