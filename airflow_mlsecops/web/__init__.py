"""The pages inside Airflow: server-rendered, authenticated as a whole."""
