package main

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Seven processes, one of them killed while it reads and then tried again, give
// the files of one.
func TestShardsAreProcessesThatMayBeKilled(t *testing.T) {
	config, out := sample(t)
	// Long enough that a process is killed in mid-read.
	temps, err := os.OpenFile(filepath.Join(filepath.Dir(config), "temps.csv"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := temps.WriteString(strings.Repeat("A2,2021-01-03T05:00:00Z,-3.25\n", 400_000)); err != nil {
		t.Fatal(err)
	}
	temps.Close()
	partials, merged := filepath.Join(filepath.Dir(out), "partials"), filepath.Join(filepath.Dir(out), "merged")
	command := func(args ...string) {
		t.Helper()
		if output, err := exec.Command("hardship", append(args, "-q", "-c", config)...).CombinedOutput(); err != nil {
			t.Fatalf("hardship %s: %v: %s", strings.Join(args, " "), err, output)
		}
	}
	slice := func(i int) []string {
		return []string{"run", "--partials", partials, "--shard", fmt.Sprintf("%d/7", i)}
	}

	killed := exec.Command("hardship", append(slice(3), "-c", config, "--json")...)
	pipe, err := killed.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := killed.Start(); err != nil {
		t.Fatal(err)
	}
	if first, err := bufio.NewReader(pipe).ReadString('\n'); err != nil || !strings.Contains(first, `"stage":"read"`) {
		t.Fatalf("%q, %v", first, err)
	}
	if err := killed.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := killed.Wait(); err == nil {
		t.Fatal("the killed process has worked")
	}

	for i := range 7 {
		if i != 3 {
			command(slice(i)...)
		}
	}
	output, err := exec.Command("hardship", "merge", "-c", config, "--out", merged, partials).CombinedOutput()
	if err == nil || !bytes.Contains(output, []byte("missing: 3/7")) {
		t.Errorf("without the killed shard merge says %v: %s", err, output)
	}
	command(slice(3)...)
	command("merge", "--out", merged, partials)
	command("run", "--out", out)
	for _, name := range []string{"manifest.json", "SHA256SUMS"} {
		one, err := os.ReadFile(filepath.Join(out, "latest", name))
		if err != nil {
			t.Fatal(err)
		}
		if many, err := os.ReadFile(filepath.Join(merged, "latest", name)); err != nil || !bytes.Equal(one, many) {
			t.Errorf("%s of seven shards is not that of one run: %v", name, err)
		}
	}
}
