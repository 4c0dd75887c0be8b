package shard

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

// A job is what of a Kubernetes job its behaviour depends on.
type job struct {
	Kind     string
	Metadata struct{ Name string }
	Spec     struct {
		CompletionMode       string `yaml:"completionMode"`
		Completions          int
		BackoffLimit         *int `yaml:"backoffLimit"`
		BackoffLimitPerIndex *int `yaml:"backoffLimitPerIndex"`
		PodFailurePolicy     struct {
			Rules []struct {
				Action      string
				OnExitCodes *struct {
					ContainerName string `yaml:"containerName"`
					Operator      string
					Values        []int
				} `yaml:"onExitCodes"`
			}
		} `yaml:"podFailurePolicy"`
		Template struct {
			Spec struct {
				RestartPolicy string `yaml:"restartPolicy"`
				Containers    []struct {
					Name    string
					Command []string
				}
			}
		}
	}
}

func TestKubernetesJobsSayWhatTheCommandTakes(t *testing.T) {
	content, err := files.ReadFile("files/kubernetes.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var jobs []job
	for part := range bytes.SplitSeq(content, []byte("\n---\n")) {
		var j job
		if err := yaml.Unmarshal(part, &j); err != nil {
			t.Fatal(err)
		}
		jobs = append(jobs, j)
	}
	if len(jobs) != 2 {
		t.Fatalf("%d jobs", len(jobs))
	}
	for _, j := range jobs {
		spec, pod := j.Spec, j.Spec.Template.Spec
		if j.Kind != "Job" || pod.RestartPolicy != "Never" || len(pod.Containers) != 1 || pod.Containers[0].Command[0] != "hardship" {
			t.Errorf("%s: %+v", j.Metadata.Name, j)
		}
		// A wrong command line or configuration ends the job at once.
		if first := spec.PodFailurePolicy.Rules[0]; first.Action != "FailJob" || first.OnExitCodes == nil || first.OnExitCodes.Operator != "In" ||
			!slices.Equal(first.OnExitCodes.Values, []int{2}) || first.OnExitCodes.ContainerName != pod.Containers[0].Name {
			t.Errorf("%s: the first rule of failures is %+v", j.Metadata.Name, first)
		}
	}
	shards, merge := jobs[0].Spec, jobs[1].Spec
	if shards.CompletionMode != "Indexed" || shards.BackoffLimitPerIndex == nil || *shards.BackoffLimitPerIndex < 1 || merge.BackoffLimit == nil {
		t.Errorf("the jobs are not tried again, index by index: %+v", shards)
	}
	// The merge takes the partials of its own run, whose name both jobs bear.
	last := func(j job) string {
		command := j.Spec.Template.Spec.Containers[0].Command
		return command[len(command)-1]
	}
	run := filepath.Base(last(jobs[0]))
	for _, j := range jobs {
		if last(j) != last(jobs[0]) || !strings.HasSuffix(j.Metadata.Name, "-"+run) {
			t.Errorf("%s has the partials %s, the shards write %s", j.Metadata.Name, last(j), last(jobs[0]))
		}
	}
	command := strings.Join(shards.Template.Spec.Containers[0].Command, " ")
	if want := fmt.Sprintf("--shard $(JOB_COMPLETION_INDEX)/%d --partials", shards.Completions); !strings.Contains(command, want) {
		t.Errorf("%d pods run %s", shards.Completions, command)
	}
}

// The array job's script gives each task its shard.
func TestTheArrayJobNamesItsShard(t *testing.T) {
	dir := t.TempDir()
	names, err := WriteFiles(dir)
	if err != nil || len(names) != len(FileNames()) {
		t.Fatalf("%v, %v", names, err)
	}
	if _, err := WriteFiles(dir); err == nil {
		t.Error("files were written over")
	}
	for _, tt := range []struct {
		environment []string
		want        string
	}{
		{[]string{"SLURM_ARRAY_TASK_ID=3", "SLURM_ARRAY_TASK_COUNT=64"}, "run -q -c hardship.yaml --shard 3/64 --partials partials\n"},
		{[]string{"AWS_BATCH_JOB_ARRAY_INDEX=0", "SHARDS=7", "PARTIALS=/mnt/p"}, "run -q -c hardship.yaml --shard 0/7 --partials /mnt/p\n"},
	} {
		c := exec.Command("sh", filepath.Join(dir, "slurm.sh"))
		c.Env = append(tt.environment, "HARDSHIP=echo", "PATH="+os.Getenv("PATH"))
		if got, err := c.Output(); err != nil || string(got) != tt.want {
			t.Errorf("%v: %q, %v, want %q", tt.environment, got, err, tt.want)
		}
	}
}
