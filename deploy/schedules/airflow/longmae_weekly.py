"""Each week: shards of all pictures, a sweep over them, its points evaluated on pictures apart, a report.

    shard ──► sweep ──► evaluate ──► report

For Airflow 2.7 or newer; put this file into its dags folder and set the Variable `longmae` to JSON
with what DEFAULTS has and is otherwise with you. The workers need the distribution, or a Spark to
submit it with: `command` may be `spark-submit --master yarn … --class org.longmae.jobs.LongMae
/opt/longmae/longmae.jar`.

A run id is a folder, so a run id given twice is the same run: a task that is tried again, cleared, or
triggered once more by hand with the same id takes up what is there. Only one run is active at a time.
"""

import json
import re
import shlex
import subprocess
import tempfile
from datetime import datetime, timedelta, timezone

from airflow import DAG
from airflow.exceptions import AirflowException, AirflowFailException

try:
    from airflow.providers.standard.operators.python import PythonOperator
except ImportError:  # Airflow 2
    from airflow.operators.python import PythonOperator

DEFAULTS = {
    "command": "/opt/longmae/bin/longmae",
    "images": "hdfs:///longmae/incoming",
    "held_out": "hdfs:///longmae/shards-held-out",
    "root": "hdfs:///longmae/weekly",
    "preset": "figure3",
}

# Wrong settings and bad data are so the next time too: docs/operations.md.
NOT_AGAIN = (2, 3)


def folder(run_id):
    """A run id as a name that every file system takes: HDFS, for one, has no colons in names."""
    return re.sub(r"[^A-Za-z0-9_.-]", "-", run_id)


def longmae(command, *arguments):
    """Runs a command of LongMAE; told to end, it lets the command give its run back first."""
    words = shlex.split(command) + list(arguments)
    process = subprocess.Popen(words)
    try:
        code = process.wait()
    except BaseException:
        process.terminate()
        process.wait()
        raise
    if code in NOT_AGAIN:
        raise AirflowFailException(f"{shlex.join(words)}: code {code}, which no retry changes")
    if code != 0:
        raise AirflowException(f"{shlex.join(words)}: code {code}; a retry goes on where it was")


def evaluate(command, sweep, held_out):
    """Evaluates each finished point of a sweep on pictures that none of them was trained on."""
    with tempfile.NamedTemporaryFile(suffix=".json") as status:
        longmae(command, "status", sweep, "--json", f"file://{status.name}")
        with open(status.name, encoding="utf-8") as file:
            points = json.load(file)["points"]
    finished = [point["name"] for point in points if point["state"] == "finished"]
    if not finished:
        raise AirflowFailException(f"{sweep}: no point is finished")
    for name in finished:
        run = f"{sweep}/points/{name}"
        result = f"{run}/evaluation-held-out.json"
        setting = f"evaluate.shards={held_out}"
        longmae(command, "evaluate", "--run", run, "--set", setting, "--json", result)


def value(name):
    """A setting, filled in when the task runs."""
    return f"{{{{ (var.json.get('longmae', {{}}) or {{}}).get('{name}', defaults['{name}']) }}}}"


SHARDS = value("root") + "/{{ folder(run_id) }}/shards"
SWEEP = value("root") + "/{{ folder(run_id) }}/sweep"

with DAG(
    dag_id="longmae_weekly",
    description="shard, sweep, evaluate, report",
    schedule="30 3 * * 6",
    start_date=datetime(2026, 1, 3, tzinfo=timezone.utc),
    # A week that was missed is not made up for: the next one has its pictures too.
    catchup=False,
    max_active_runs=1,
    default_args={
        "retries": 5,
        # Longer than checkpoint.lease-seconds: a killed driver's lease has lapsed by then.
        "retry_delay": timedelta(minutes=2),
    },
    user_defined_macros={"folder": folder, "defaults": DEFAULTS},
    tags=["longmae"],
) as dag:

    def task(task_id, function, *arguments):
        return PythonOperator(
            task_id=task_id, python_callable=function, op_args=[value("command"), *arguments]
        )

    shard = task("shard", longmae, "shard", "--images", value("images"), "--out", SHARDS)
    sweep = task(
        "sweep",
        longmae,
        *("sweep", "--preset", value("preset"), "--set", f"data.shards={SHARDS}"),
        *("--retry-failed", "--out", SWEEP),
    )
    evaluated = task("evaluate", evaluate, SWEEP, value("held_out"))
    report = task("report", longmae, "report", "--sweep", SWEEP)

    shard >> sweep >> evaluated >> report
