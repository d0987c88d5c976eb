"""Train only on a table that nobody reads but whom the policy lists: the gate tells everybody else, by which way.

It needs ``apache-airflow-providers-postgres``, and a PostgreSQL in which a superuser ran ``who_can_read.sql``.
A connection ``crm`` leads there, as the role ``churn_training``; the MLSecOps connection says that this is the
environment ``warehouse``. As it stands, ``may_train`` fails; it passes once a superuser ran the commands it prints.
"""

from __future__ import annotations

from airflow.providers.common.sql.operators.sql import SQLExecuteQueryOperator
from airflow.sdk import dag

from airflow_mlsecops.dag import sealed
from airflow_mlsecops.operators import AccessGateOperator, ClassifyDatasetOperator, IsolationCheckOperator

CUSTOMERS = "sql://crm/churn.customers"


@dag(schedule=None)
def who_can_read() -> None:
    """Prove what is in the table, where it is read and by whom else; then train."""
    classify = ClassifyDatasetOperator(task_id="classify_customers", dataset=CUSTOMERS)
    isolate = IsolationCheckOperator(task_id="check_isolation", dataset=CUSTOMERS, environment="warehouse")
    access = AccessGateOperator(
        task_id="may_train", dataset=CUSTOMERS, action="train", purpose="churn", requires=[classify, isolate]
    )
    train = sealed(
        SQLExecuteQueryOperator(
            task_id="train",
            conn_id="crm",
            sql="SELECT regr_slope(stayed::int, joined), regr_intercept(stayed::int, joined) FROM churn.customers",
        ),
        dataset=CUSTOMERS,
        requires=[classify, isolate, access],
    )
    [classify, isolate] >> access >> train


who_can_read()
