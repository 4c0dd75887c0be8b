#!/bin/sh
# Slices of a run as an array job, and the merge once all of them have worked:
#
#   shards=$(sbatch --parsable --array=0-63 slurm.sh)
#   sbatch --dependency=afterok:"$shards" --wrap "hardship merge -c hardship.yaml partials"
#
# The same line serves any array job that counts from 0, such as AWS Batch
# (AWS_BATCH_JOB_ARRAY_INDEX; give the number of shards as SHARDS).
#SBATCH --job-name=hardship
#SBATCH --cpus-per-task=1
#SBATCH --mem=2G
#SBATCH --requeue
set -eu
index=${SLURM_ARRAY_TASK_ID:-${AWS_BATCH_JOB_ARRAY_INDEX:-}}
count=${SLURM_ARRAY_TASK_COUNT:-${SHARDS:-}}
exec "${HARDSHIP:-hardship}" run -q -c "${HARDSHIP_CONFIG:-hardship.yaml}" --shard "$index/$count" --partials "${PARTIALS:-partials}"
