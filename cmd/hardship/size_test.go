package main

import (
	"testing"

	"hardship/pipeline"
)

func TestSizesOfMemory(t *testing.T) {
	for text, want := range map[string]size{
		"0": pipeline.NoLimit, "1024": 1024, "300MiB": 300 << 20, "300 mib": 300 << 20, "1.5G": 3 << 29, "2GB": 2 << 30, "64k": 64 << 10, "7B": 7,
	} {
		var got size
		if err := got.Set(text); err != nil || got != want {
			t.Errorf("%q: %d, %v; want %d", text, got, err, want)
		}
	}
	for _, text := range []string{"", "MiB", "-1", "-1GiB", "1e30", "NaN", "three", "1 0", "10 EiB"} {
		var got size
		if err := got.Set(text); err == nil {
			t.Errorf("%q was taken for %d", text, got)
		}
	}
}
