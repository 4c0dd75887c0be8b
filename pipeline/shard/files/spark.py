"""Runs hardship's pass over areas on a Spark cluster (PySpark 3.4 or later).

    hardship shard context -c hardship.yaml --partials DIR       # once, where the inputs are
    spark-submit --files hardship,hardship.yaml spark.py DIR     # this
    hardship merge -c hardship.yaml DIR                          # the tables, to the byte those of one run

DIR is a folder that the driver and all executors see, or with --rows and --result
addresses that Spark knows (s3a://…, hdfs://…) for the long rows and the results;
the context, which is small, is sent along. Every task pipes its partition, whole areas
one after the other, through a process `hardship worker`. What a task has given
counts only once its worker has ended with 0: Spark commits the results of tasks that
have worked, and tries the others again.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading


def through_worker(settings):
    """A function for mapInArrow: batches of input rows to batches of result rows."""

    def run(batches):
        import pyarrow as pa
        from pyspark import SparkFiles

        def shipped(name):
            path = SparkFiles.get(os.path.basename(name))
            return path if os.path.exists(path) else name

        program = shipped(settings["program"])
        if not os.access(program, os.X_OK):
            os.chmod(program, 0o755)
        command = [program, "worker", "--context", shipped(settings["context"])]
        if settings["config"]:
            command += ["-c", shipped(settings["config"])]
        complaints = tempfile.TemporaryFile()
        child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=complaints)
        broken = []

        def feed():
            try:
                schema = writer = None
                for batch in batches:
                    if writer is None:
                        schema = batch.schema.with_metadata({"hardship.partial_version": settings["version"]})
                        writer = pa.ipc.new_stream(child.stdin, schema)
                    writer.write_batch(pa.RecordBatch.from_arrays(batch.columns, schema=schema))
                if writer is None:  # an empty partition is a stream too
                    writer = pa.ipc.new_stream(child.stdin, empty_stream_schema(settings))
                writer.close()  # the end marker, without which a worker refuses
                child.stdin.close()
            except BaseException as error:
                # The child first: a pipe that is closed looks like an end to it. It
                # may also be the one that has gone, which its exit code tells better.
                child.kill()
                broken.append(error)

        feeder = threading.Thread(target=feed, daemon=True)
        feeder.start()
        try:
            with pa.ipc.open_stream(child.stdout) as results:
                yield from results
            code = child.wait()
            feeder.join()
            if code != 0 or broken:
                raise RuntimeError(f"exit code {code}, {broken}")
        except BaseException as error:
            child.kill()
            child.wait()
            complaints.seek(0)
            said = complaints.read().decode(errors="replace")[-4000:]
            if isinstance(error, GeneratorExit):
                raise
            raise RuntimeError(f"hardship worker: {error}: {broken}: {said}") from error

    return run


def empty_stream_schema(settings):
    import pyarrow as pa

    return pa.ipc.read_schema(pa.py_buffer(settings["input_schema"])).with_metadata({"hardship.partial_version": settings["version"]})


def arrow_schema(columns):
    """The Arrow schema of partial.json's list of columns."""
    import pyarrow as pa

    types = {
        "bool": pa.bool_(), "int32": pa.int32(), "int64": pa.int64(), "float64": pa.float64(),
        "string": pa.string(), "date": pa.date32(), "timestamp[us, UTC]": pa.timestamp("us", "UTC"),
    }
    return pa.schema([pa.field(name, types[kind]) for name, kind in columns])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("partials", metavar="DIR", help="what hardship shard context has written")
    parser.add_argument("-c", "--config", default="", help="the configuration, unless it is the shipped one")
    parser.add_argument("--program", default="hardship", help="the program, shipped with --files or there on every machine")
    parser.add_argument("-n", "--partitions", type=int, default=0, help="tasks; 0 for three for each core")
    parser.add_argument("--rows", default="", help="address of the input rows; DIR/input")
    parser.add_argument("--result", default="", help="address of the results; DIR/result")
    arguments = parser.parse_args()

    from pyspark.sql import SparkSession
    from pyspark.sql.pandas.types import from_arrow_schema

    spark = SparkSession.builder.appName("hardship").getOrCreate()
    spark.conf.set("spark.sql.session.timeZone", "UTC")
    spark.conf.set("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS")
    spark.conf.set("spark.sql.adaptive.coalescePartitions.enabled", "false")
    context = spark.sparkContext
    place = os.path.join(arguments.partials, "context")
    with open(os.path.join(place, "partial.json"), encoding="utf-8") as f:
        header = json.load(f)
    context.addFile(place, recursive=True)
    for name in (arguments.program, arguments.config):
        if name and os.path.exists(name):
            context.addFile(name)
    program = os.path.abspath(arguments.program) if os.path.exists(arguments.program) else arguments.program
    settings = {
        "program": program, "config": arguments.config, "context": place, "version": header["schema_version"],
        "input_schema": arrow_schema(header["input_columns"]).serialize().to_pybytes(),
    }

    rows = spark.read.parquet(arguments.rows or os.path.join(arguments.partials, "input"))
    partitions = arguments.partitions or 3 * context.defaultParallelism
    result = (
        rows.repartition(partitions, "area_id")
        .sortWithinPartitions("area_id", "kind", "row_no")
        .mapInArrow(through_worker(settings), from_arrow_schema(arrow_schema(header["result_columns"])))
    )
    result.write.mode("overwrite").option("compression", "zstd").parquet(arguments.result or os.path.join(arguments.partials, "result"))
    spark.stop()


if __name__ == "__main__":
    sys.exit(main())
