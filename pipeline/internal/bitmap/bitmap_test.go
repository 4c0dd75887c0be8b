package bitmap

import (
	"testing"

	"pgregory.net/rapid"
)

func TestWordIsTheBitsOneByOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		bits := rapid.SliceOfN(rapid.Byte(), 1, 40).Draw(t, "bitmap")
		at := rapid.IntRange(0, 8*len(bits)-1).Draw(t, "at")
		n := rapid.IntRange(1, 8*len(bits)-at).Draw(t, "n")
		var want uint64
		for i := range min(n, 64) {
			want |= uint64(bits[(at+i)/8]>>((at+i)%8)&1) << i
		}
		if got := Word(bits, at, n); got != want {
			t.Errorf("%d bits from %d on: %064b, want %064b", n, at, got, want)
		}
	})
}
