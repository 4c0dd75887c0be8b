"""Runs hardship's pass over areas on a Spark cluster (PySpark 3.4 or later).

    hardship shard context -c hardship.yaml --partials DIR               # once, where the inputs are
    spark-submit --files hardship spark.py -c hardship.yaml DIR          # this
    hardship merge -c hardship.yaml DIR                                  # the tables, to the byte those of one run

Every task pipes its partition, whole areas one after the other, through a process
`hardship worker`. What it gives counts only once its worker has ended with 0:
Spark commits the results of tasks that have worked, and tries the others again.

The program is sent along with --files, or lies on every machine (--program). The
context and the configuration are sent along by this script. The long rows and
the results lie in DIR, which all machines must see, or under --rows and --result
at addresses that Spark knows, such as s3a://…: copy the results into DIR/result
before the merge.

Flags that hardship shard context was given, such as --from and --only, are given to the
workers too, after "--", and to the merge:

    spark-submit --files hardship spark.py -c hardship.yaml DIR -- --only area_day
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading

VERSION = "hardship.partial_version"


def arrow_schema(columns):
    """The Arrow schema of a list of names and types in partial.json."""
    import pyarrow as pa

    types = {
        "bool": pa.bool_(), "int32": pa.int32(), "int64": pa.int64(), "float64": pa.float64(),
        "string": pa.string(), "date": pa.date32(), "timestamp[us, UTC]": pa.timestamp("us", "UTC"),
    }
    return pa.schema([pa.field(name, types[kind]) for name, kind in columns])


def feed(child, batches, header, broken):
    """Writes batches to a worker as one stream. On an error it kills the worker
    before it closes the pipe, which would look like an end."""
    import pyarrow as pa

    try:
        schema = arrow_schema(header["input_columns"]).with_metadata({VERSION: header["schema_version"]})
        stream = pa.ipc.new_stream(child.stdin, schema)  # an empty partition is a stream too
        for batch in batches:
            columns = [batch.column(batch.schema.get_field_index(f.name)).cast(f.type) for f in schema]
            stream.write_batch(pa.RecordBatch.from_arrays(columns, schema=schema))
        stream.close()  # writes the end marker, so never after an error
        child.stdin.close()
    except BaseException as error:  # also that the worker has gone, which its exit code tells better
        child.kill()
        broken.append(error)


def through_worker(program, header, shipped, flags):
    """The function for mapInArrow: from batches of input rows to batches of result rows."""

    def run(batches):
        import pyarrow as pa
        from pyspark import SparkFiles

        local = SparkFiles.get(os.path.basename(program))
        if os.path.exists(local):
            os.chmod(local, 0o755)
        with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile() as complaints:
            for name, content in shipped.value.items():
                with open(os.path.join(folder, name), "wb") as f:
                    f.write(content)
            command = [local if os.path.exists(local) else program, "worker", "--context", folder, *flags]
            if "hardship.yaml" in shipped.value:
                command += ["-c", os.path.join(folder, "hardship.yaml")]
            child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=complaints)
            broken = []
            feeder = threading.Thread(target=feed, args=(child, batches, header, broken), daemon=True)
            feeder.start()
            try:
                with pa.ipc.open_stream(child.stdout) as results:
                    yield from results
                feeder.join()
                if child.wait() != 0 or broken:
                    raise RuntimeError("it has not worked")
            except Exception as error:
                child.kill()
                code = child.wait()
                complaints.seek(0)
                said = complaints.read()[-4000:].decode(errors="replace")
                raise RuntimeError(f"hardship worker, exit code {code}: {error}; {broken}; {said}") from error
            finally:
                child.kill()
                child.wait()

    return run


def pass_over(spark, partials, program, config="", partitions=0, rows="", result="", flags=()):
    """Has Spark pass over the areas of a folder that hardship shard context has written."""
    from pyspark.sql.pandas.types import from_arrow_schema

    context = os.path.join(partials, "context")
    shipped = {}
    for name in os.listdir(context):
        with open(os.path.join(context, name), "rb") as f:
            shipped[name] = f.read()
    header = json.loads(shipped["partial.json"])
    if config:
        with open(config, "rb") as f:
            shipped["hardship.yaml"] = f.read()
    spark.conf.set("spark.sql.session.timeZone", "UTC")
    spark.conf.set("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS")
    worker = through_worker(program, header, spark.sparkContext.broadcast(shipped), list(flags))
    (
        spark.read.parquet(rows or os.path.join(partials, "input"))
        .repartition(partitions or 3 * spark.sparkContext.defaultParallelism, "area_id")
        .sortWithinPartitions("area_id", "kind", "row_no")
        .mapInArrow(worker, from_arrow_schema(arrow_schema(header["result_columns"])))
        .write.mode("overwrite").parquet(result or os.path.join(partials, "result"))
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("partials", metavar="DIR", help="what hardship shard context has written")
    parser.add_argument("-c", "--config", default="", help="the configuration, unless it is the shipped one")
    parser.add_argument("--program", default="hardship", help="the program's name among the --files, or its path on every machine")
    parser.add_argument("-n", "--partitions", type=int, default=0, help="tasks; 0 for three for each core")
    parser.add_argument("--rows", default="", help="address of the input rows; DIR/input")
    parser.add_argument("--result", default="", help="address of the results; DIR/result")
    given = sys.argv[1:]
    own = given.index("--") if "--" in given else len(given)
    arguments = parser.parse_args(given[:own])

    from pyspark.sql import SparkSession

    spark = SparkSession.builder.appName("hardship").getOrCreate()
    pass_over(spark, **vars(arguments), flags=given[own + 1:])
    spark.stop()


if __name__ == "__main__":
    sys.exit(main())
