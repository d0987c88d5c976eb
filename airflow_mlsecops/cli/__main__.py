"""``python -m airflow_mlsecops.cli`` is ``airflow-mlsecops``."""

import sys

from airflow_mlsecops.cli import main

sys.exit(main())
