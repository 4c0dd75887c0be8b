"""python -m crosscheck RUN DATA: prints every failure, ends with 1 if there is one."""

import sys
import time
import traceback
from pathlib import Path

from . import alerts, control, engines, facts, findings, hardship, models, pauses, queues, reliability, seasons, strikes, temperature
from .check import Checks, Run


def main(run, data):
    checks, run, data = Checks(), Run(run), Path(data)
    for module in (engines, facts, temperature, strikes, alerts, queues, control, reliability, hardship, seasons, findings, models, pauses):
        began, passed, failed = time.monotonic(), checks.passed, checks.failed
        name = module.__name__.rpartition(".")[2]
        try:
            module.check(checks, run, data)
        except Exception as fault:  # a table or column that is not there: the others are still checked
            traceback.print_exc(limit=-3, file=sys.stdout)
            checks.that(name, False, f"stopped by {type(fault).__name__}: {fault}")
        print(f"{name}: {checks.passed - passed} passed, {checks.failed - failed} failed, {time.monotonic() - began:.1f} s", flush=True)
    return 1 if checks.failed or not checks.passed else 0


sys.exit(main(*sys.argv[1:]))
