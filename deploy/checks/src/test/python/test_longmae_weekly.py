"""The DAG against a stub of Airflow's API: what it uses of it, by Airflow's own names, and no more."""

import importlib.util
import os
import signal
import stat
import sys
import tempfile
import types
import unittest
from datetime import timedelta
from pathlib import Path

DAG_FILE = Path(__file__).parents[4] / "schedules" / "airflow" / "longmae_weekly.py"


class Dag:
    """Keywords are those of airflow.DAG; another one is an error, as it is there."""

    active = None

    def __init__(
        self,
        dag_id,
        description,
        schedule,
        start_date,
        catchup,
        max_active_runs,
        default_args,
        user_defined_macros,
        tags,
    ):
        vars(self).update(locals())
        self.tasks = {}

    def __enter__(self):
        Dag.active = self
        return self

    def __exit__(self, *_):
        Dag.active = None


class PythonOperator:
    template_fields = ("templates_dict", "op_args", "op_kwargs")

    def __init__(self, *, task_id, python_callable, op_args):
        vars(self).update(locals())
        self.downstream = []
        if task_id in Dag.active.tasks:
            raise ValueError(f"task {task_id} is there already")
        Dag.active.tasks[task_id] = self

    def __rshift__(self, other):
        self.downstream.append(other.task_id)
        return other


class AirflowException(Exception):
    pass


class AirflowFailException(AirflowException):
    pass


def load():
    stubs = {
        "airflow": {"DAG": Dag},
        "airflow.exceptions": {
            "AirflowException": AirflowException,
            "AirflowFailException": AirflowFailException,
        },
        "airflow.providers": {},
        "airflow.providers.standard": {},
        "airflow.providers.standard.operators": {},
        "airflow.providers.standard.operators.python": {"PythonOperator": PythonOperator},
    }
    for name, members in stubs.items():
        module = types.ModuleType(name)
        vars(module).update(members)
        sys.modules[name] = module
    spec = importlib.util.spec_from_file_location("longmae_weekly", DAG_FILE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class WeeklyDag(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.module = load()
        cls.dag = cls.module.dag

    def test_the_graph_is_as_drawn(self):
        drawn = next(line for line in self.module.__doc__.splitlines() if "──►" in line)
        names = [name.strip() for name in drawn.split("──►")]
        self.assertEqual(list(self.dag.tasks), names)
        following = {name: [after] for name, after in zip(names, names[1:])}
        following[names[-1]] = []
        self.assertEqual({n: t.downstream for n, t in self.dag.tasks.items()}, following)

    def test_one_run_at_a_time_that_is_tried_again_after_its_lease(self):
        self.assertEqual(self.dag.max_active_runs, 1)
        self.assertFalse(self.dag.catchup)
        self.assertGreaterEqual(self.dag.default_args["retries"], 3)
        self.assertGreater(self.dag.default_args["retry_delay"], timedelta(seconds=30))

    def test_a_run_id_is_one_folder_that_hdfs_takes(self):
        scheduled = "scheduled__2026-11-28T03:30:00+00:00"
        folder = self.module.folder(scheduled)
        self.assertEqual(folder, self.module.folder(scheduled))
        self.assertEqual(folder, "scheduled__2026-11-28T03-30-00-00-00")
        self.assertNotEqual(folder, self.module.folder("scheduled__2026-12-05T03:30:00+00:00"))

    def test_everything_that_a_run_writes_is_below_its_id(self):
        for name, flag in (("shard", "--out"), ("sweep", "--out"), ("report", "--sweep")):
            arguments = self.dag.tasks[name].op_args
            self.assertIn("{{ folder(run_id) }}", arguments[arguments.index(flag) + 1])

    def test_templates_render(self):
        try:
            import jinja2
        except ImportError:
            self.skipTest("needs jinja2")
        names = dict(
            self.dag.user_defined_macros, run_id="manual__a:b", var=Variables({"root": "/weekly"})
        )
        for task in self.dag.tasks.values():
            task.rendered = [jinja2.Template(a).render(names) for a in task.op_args]
        sweep = self.dag.tasks["sweep"].rendered
        self.assertEqual(sweep[0], self.module.DEFAULTS["command"])
        self.assertEqual(sweep[-1], "/weekly/manual__a-b/sweep")
        self.assertIn("data.shards=/weekly/manual__a-b/shards", sweep)


class Variables:
    def __init__(self, values):
        self.json = {"longmae": values}


class Commands(unittest.TestCase):
    """What a task does with the answers of a launcher that this test plays."""

    def setUp(self):
        self.module = load()
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.calls = Path(self.folder.name, "calls")
        self.launcher = Path(self.folder.name, "longmae")

    def launch(self, script):
        self.launcher.write_text(f'#!/bin/sh\necho "$*" >>{self.calls}\n{script}\n')
        self.launcher.chmod(self.launcher.stat().st_mode | stat.S_IEXEC)
        return str(self.launcher)

    def test_failures_are_tried_again_and_wrong_settings_are_not(self):
        for code, error in ((2, AirflowFailException), (3, AirflowFailException)):
            with self.assertRaisesRegex(error, f"code {code}"):
                self.module.longmae(self.launch(f"exit {code}"), "shard")
        for code in (4, 5, 130):
            with self.assertRaises(AirflowException) as raised:
                self.module.longmae(self.launch(f"exit {code}"), "shard")
            self.assertIs(type(raised.exception), AirflowException)
        self.module.longmae(self.launch("exit 0"), "shard", "--images", "with space")
        self.assertTrue(self.calls.read_text().endswith("shard --images with space\n"))

    def test_finished_points_are_evaluated(self):
        points = (
            '{"points": [{"name": "L0064", "state": "finished"}, {"name": "x", "state": "failed"},'
            ' {"name": "L0256", "state": "finished"}]}'
        )
        command = self.launch(f"[ $1 = status ] && echo '{points}' >${{4#file://}}; exit 0")
        self.module.evaluate(command, "/sweep", "/held-out")
        self.assertEqual(
            self.calls.read_text().splitlines()[1:],
            [
                f"evaluate --run /sweep/points/{name} --set evaluate.shards=/held-out"
                f" --json /sweep/points/{name}/evaluation-held-out.json"
                for name in ("L0064", "L0256")
            ],
        )

    def test_a_task_that_is_ended_ends_its_command(self):
        ended = Path(self.folder.name, "ended")
        command = self.launch(
            f"trap 'echo >{ended}; exit 130' TERM;"
            f" (sleep 0.5; kill -ALRM {os.getpid()}) & sleep 5 & wait $!"
        )
        def end(*_):
            raise AirflowException("Task received SIGTERM signal")

        before = signal.signal(signal.SIGALRM, end)
        try:
            with self.assertRaisesRegex(AirflowException, "SIGTERM"):
                self.module.longmae(command, "sweep")
        finally:
            signal.signal(signal.SIGALRM, before)
        self.assertTrue(ended.exists())


if __name__ == "__main__":
    unittest.main()
