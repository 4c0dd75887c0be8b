package normalize

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestContentID(t *testing.T) {
	// printf '1:a2:bc' | sha256sum
	if got, want := contentID("a", "bc"), "5310a58788781ab2"; got != want {
		t.Errorf(`contentID("a", "bc") = %s, want %s`, got, want)
	}
	// The parts are hashed with their lengths before them, whatever those are.
	for _, n := range []int{0, 1, 9, 10, 42, 99, 100, 12_345} {
		part := strings.Repeat("x", n)
		sum := sha256.Sum256([]byte(strconv.Itoa(n) + ":" + part + "1:y"))
		if got, want := contentID(part, "y"), hex.EncodeToString(sum[:8]); got != want {
			t.Errorf("a part of %d bytes: %s, want %s", n, got, want)
		}
	}
	if contentID("a", "bc") == contentID("ab", "c") {
		t.Error("text moved from one part to the next keeps its identity")
	}
}

func TestRepeatsAreNumbered(t *testing.T) {
	r := repeats{}
	for i, want := range []string{"a", "a-2", "a-3"} {
		if got := r.number("a"); got != want {
			t.Errorf("row %d is %s, want %s", i+1, got, want)
		}
	}
}

func TestNoIdentityIsGivenTwice(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r, given := repeats{}, map[string]bool{}
		for _, id := range rapid.SliceOf(rapid.SampledFrom([]string{"a", "a-2", "a-2-2", "a-3", "b"})).Draw(t, "ids") {
			got := r.number(id)
			if given[got] {
				t.Fatalf("%s is given twice", got)
			}
			given[got] = true
		}
	})
}
