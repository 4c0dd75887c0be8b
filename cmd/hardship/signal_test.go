package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"hardship/pipeline/store"
)

// sample copies the sample into a new folder and returns its configuration and
// an output folder.
func sample(t *testing.T) (config, out string) {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(filepath.Join("testdata", "sample"))); err != nil {
		t.Fatal(err)
	}
	return filepath.Join(dir, "hardship.yaml"), filepath.Join(dir, "out")
}

func TestASignalEndsTheProgramWithItsOwnCode(t *testing.T) {
	for signal, want := range map[syscall.Signal]int{syscall.SIGINT: 130, syscall.SIGTERM: 143} {
		config, out := sample(t)
		held, err := store.Open(out)
		if err != nil {
			t.Fatal(err)
		}
		c := exec.Command("hardship", "run", "-c", config, "--out", out, "--lock-wait", "1m", "--json")
		pipe, err := c.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		stdout := bufio.NewReader(pipe)
		first, err := stdout.ReadString('\n')
		if err != nil || !strings.Contains(first, "another run holds the lock") {
			t.Fatalf("the first line is %q, %v", first, err)
		}
		if err := c.Process.Signal(signal); err != nil {
			t.Fatal(err)
		}
		var rest bytes.Buffer
		if _, err := stdout.WriteTo(&rest); err != nil {
			t.Fatal(err)
		}
		c.Wait()
		if got := c.ProcessState.ExitCode(); got != want {
			t.Errorf("%v: exit code %d, want %d", signal, got, want)
		}
		if err := checkJSONLines([]byte(first+rest.String()), want); err != nil {
			t.Errorf("%v: %v", signal, err)
		}
		held.Close()
		if _, err := os.Lstat(filepath.Join(out, "latest")); err == nil {
			t.Errorf("%v: something was published", signal)
		}
	}
}

// stuck stands for a program that does not come to an end after a signal.
func stuck() {
	ctx := stopped()
	fmt.Println("ready")
	<-ctx.Done()
	fmt.Println(context.Cause(ctx))
	select {}
}

func TestASecondSignalEndsTheProgramAtOnce(t *testing.T) {
	c := exec.Command("stuck")
	pipe, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	stdout := bufio.NewReader(pipe)
	for _, want := range []string{"ready\n", "stopped by a signal: interrupt\n"} {
		if line, err := stdout.ReadString('\n'); line != want {
			t.Fatalf("the program says %q, want %q: %v", line, want, err)
		}
		if err := c.Process.Signal(os.Interrupt); err != nil {
			t.Fatal(err)
		}
	}
	c.Wait()
	if got := c.ProcessState.ExitCode(); got != 130 {
		t.Errorf("exit code %d, want 130", got)
	}
}

// stopAt ends a context when the output first holds a text.
type stopAt struct {
	bytes.Buffer
	text string
	stop context.CancelCauseFunc
}

func (s *stopAt) Write(p []byte) (int, error) {
	if strings.Contains(string(p), s.text) {
		s.stop(stopError{syscall.SIGTERM})
	}
	return s.Buffer.Write(p)
}

func TestARunThatIsStoppedWhileItReadsPublishesNothing(t *testing.T) {
	config, out := sample(t)
	ctx, stop := context.WithCancelCause(t.Context())
	stdout := &stopAt{text: `"name":"temps.csv"`, stop: stop}
	var stderr bytes.Buffer
	code := run(ctx, []string{"run", "-c", config, "--out", out, "--json"}, stdout, &stderr)
	if code != 143 || stderr.Len() > 0 {
		t.Errorf("exit code %d, want 143; standard error %q", code, &stderr)
	}
	if err := checkJSONLines(stdout.Bytes(), 143); err != nil {
		t.Error(err)
	}
	if !strings.Contains(stdout.String(), "nothing was published") {
		t.Errorf("the output does not say that nothing was published:\n%s", stdout)
	}
	left, err := filepath.Glob(filepath.Join(out, "runs", "*"))
	if err != nil || len(left) > 0 {
		t.Errorf("the output folder holds %v, %v", left, err)
	}
	if _, err := os.Lstat(filepath.Join(out, "latest")); err == nil {
		t.Error("something was published")
	}
}

// full fails like a full disk.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, syscall.ENOSPC }

func TestAnAnswerThatCannotBeWrittenIsAFailure(t *testing.T) {
	for _, args := range [][]string{
		{"explain", "area_day"},
		{"explain", "area_day", "--json"},
		{"version"},
		{"version", "--json"},
	} {
		var stderr bytes.Buffer
		if code := run(t.Context(), args, full{}, &stderr); code != exitFailed || !strings.Contains(stderr.String(), "no space left") {
			t.Errorf("%v: exit code %d, want 1; standard error %q", args, code, &stderr)
		}
	}
}

// A panic would end with 2, which means another thing here.
func TestAPanicIsAFailure(t *testing.T) {
	var stdout, stderr bytes.Buffer
	code := run(t.Context(), []string{"version"}, panics{}, &stderr)
	if code != exitFailed || !strings.Contains(stderr.String(), "internal error: a writer broke") {
		t.Errorf("exit code %d, want 1; standard error %q, output %q", code, &stderr, &stdout)
	}
}

type panics struct{}

func (panics) Write([]byte) (int, error) { panic("a writer broke") }
