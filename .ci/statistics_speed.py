"""python statistics_speed.py: the three heavy computations beside numpy and scipy doing the same, in one run. By hand: prints, and decides nothing.

    shifts     all circular shifts of 1,000 areas at 4 lags of 841 days, on two cores
    panel      Poisson of 1,000 areas by 1,600 days, effects of both eliminated, errors by area
    bootstrap  10,000 resamples of 1,600 days in moving blocks, of a mean
"""

import os
import re
import resource
import subprocess
import tempfile
import time

import numpy as np
import scipy.fft

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def go(package, bench):
    """Seconds and processor seconds of one operation, the program's own: of four runs less one."""
    with tempfile.TemporaryDirectory() as folder:
        binary = os.path.join(folder, "test")
        subprocess.run(["go", "test", "-c", "-o", binary, "./pipeline/" + package], cwd=TOP, check=True)
        spent, wall = [], 0.0
        for times in (1, 4):
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            printed = subprocess.run([binary, "-test.run", "^$", "-test.bench", bench, "-test.benchtime", f"{times}x"],
                                     cwd=os.path.join(TOP, "pipeline", package), check=True, capture_output=True, text=True).stdout
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            spent.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
            wall = float(re.search(r"([\d.]+) ns/op", printed).group(1)) / 1e9
    return wall, (spent[1] - spent[0]) / 3


def timed(work):
    """Seconds and processor seconds, the least of three runs."""
    runs = []
    for _ in range(3):
        wall, processor = time.perf_counter(), time.process_time()
        work()
        runs.append((time.perf_counter() - wall, time.process_time() - processor))
    return min(w for w, _ in runs), min(p for _, p in runs)


def waves(n, days, rng):
    """Series that resemble their past."""
    out = np.zeros((n, days))
    for t in range(1, days):
        out[:, t] = 0.7 * out[:, t - 1] + rng.standard_normal(n)
    return out


def shifts(x, y, least=7):
    """p of each lag, by correlations at every turn from two transforms."""
    n = x.shape[1]
    x, y = x - x.mean(1, keepdims=True), y - y.mean(1, keepdims=True)
    with scipy.fft.set_workers(2):
        r = scipy.fft.irfft(np.conj(scipy.fft.rfft(x)) * scipy.fft.rfft(y), n)
    r /= np.sqrt((x**2).sum(1) * (y**2).sum(1))[:, None]
    turns = np.r_[0, least : n - least + 1]
    p = []
    for lag in range(4):
        all_turns = np.abs(r[:, (turns + lag) % n])
        p.append((all_turns >= all_turns[:, :1] - 1e-12).mean(1))
    return p


def within(v, w):
    """v less the weighted effects of rows and columns, by turns, in place."""
    rows, columns = w.sum(1, keepdims=True), w.sum(0, keepdims=True)
    for _ in range(10000):
        a = (w * v).sum(1, keepdims=True) / rows
        v -= a
        b = (w * v).sum(0, keepdims=True) / columns
        v -= b
        if max(np.abs(a).max(), np.abs(b).max()) < 1e-9:
            return v
    raise ArithmeticError("no rest")


def panel(y, x, known):
    """Poisson with two-way effects by reweighted least squares, and errors of clustered rows."""
    mu = np.where(known, (y + y[known].mean()) / 2, 1.0)
    before = np.inf
    for _ in range(100):
        w = np.where(known, mu, 0.0)
        z = np.log(mu) + np.where(known, (y - mu) / mu, 0.0)
        zt, xt = within(z.copy(), w), [within(v.copy(), w) for v in x]
        a = np.array([[(w * u * v).sum() for v in xt] for u in xt])
        b = np.linalg.solve(a, [(w * u * zt).sum() for u in xt])
        residual = zt - sum(c * u for c, u in zip(b, xt))
        mu = np.where(known, np.exp(z - residual), 1.0)
        with np.errstate(divide="ignore", invalid="ignore"):
            deviance = 2 * np.where(known, np.where(y > 0, y * np.log(y / mu), 0) - (y - mu), 0).sum()
        if abs(deviance - before) < 1e-12 * deviance:
            break
        before = deviance
    score = np.array([np.where(known, (y - mu) * u, 0).sum(1) for u in xt])
    inverse, g = np.linalg.inv(a), y.shape[0]
    return b, np.sqrt(np.diag(inverse @ (score @ score.T) @ inverse) * g / (g - 1))


def made(areas, days, rng):
    level, wave = rng.standard_normal((areas, 1)), np.sin(np.arange(days) / 40)
    strikes = rng.poisson(0.3 * np.exp(0.3 * level + 0.5 * wave))
    cold = np.maximum(0, waves(areas, days, rng) * 1.6 + 2 * np.cos(2 * np.pi * np.arange(days) / 365))
    y = rng.poisson(np.exp(level + 0.3 * wave + 0.2 * strikes + 0.05 * cold)).astype(float)
    known = rng.random((areas, days)) >= 0.05
    return np.where(known, y, 0.0), [strikes.astype(float), cold], known


def bootstrap(y, block, replicates, rng):
    means = np.empty(replicates)
    for at in range(0, replicates, 500):  # as much as fits into memory caches
        first = rng.integers(0, len(y) - block + 1, (500, -(-len(y) // block)))
        rows = (first[:, :, None] + np.arange(block)).reshape(500, -1)[:, : len(y)]
        means[at : at + 500] = y[rows].mean(1)
    return means.std(), np.percentile(means, [2.5, 97.5])


def main():
    rng = np.random.default_rng(1)
    x, y = waves(1000, 841, rng), waves(1000, 841, rng)
    counts = made(1000, 1600, rng)
    days = waves(1, 1600, rng)[0]
    print(f"{'':10} {'program':>10} {'processor':>11} {'numpy':>10} {'processor':>11} {'ratio':>6}   budget")
    for name, package, bench, other, budget in (
        ("shifts", "correlate", "^BenchmarkShiftTestAreas$/^missing=0$", lambda: shifts(x, y), 0.15),
        ("panel", "regress", "^BenchmarkPanel$", lambda: panel(*counts), 10),
        ("bootstrap", "correlate", "^BenchmarkBlockBootstrap$/^mean$", lambda: bootstrap(days, 14, 10_000, rng), 0.5),
    ):
        (wall, processor), (their_wall, their_processor) = go(package, bench), timed(other)
        print(f"{name:10} {wall:8.3f} s {processor:9.3f} s {their_wall:8.3f} s {their_processor:9.3f} s {their_processor / processor:6.1f}   {budget} s", flush=True)
    print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}; the shifts use two. numpy's panel finds", *(f"{b:.4f} ± {se:.4f}" for b, se in zip(*panel(*counts))), "of 0.2 and 0.05")


main()
