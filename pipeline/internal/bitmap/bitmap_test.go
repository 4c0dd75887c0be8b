package bitmap

import (
	"math/rand/v2"
	"testing"
)

func TestWordIsTheBitsOneByOne(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for length := 1; length <= 12; length++ {
		bits := make([]byte, length)
		for at := range 8 * length {
			for n := 1; n <= 8*length-at; n++ {
				for i := range bits {
					bits[i] = byte(random.Uint32())
				}
				var want uint64
				for i := range min(n, 64) {
					want |= uint64(bits[(at+i)/8]>>((at+i)%8)&1) << i
				}
				if got := Word(bits, at, n); got != want {
					t.Fatalf("%d bits from %d on of %x: %064b, want %064b", n, at, bits, got, want)
				}
			}
		}
	}
}

func TestRunsAreTheRowsWithAValue(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for n := range 300 {
		first := n % 9
		bits := make([]byte, (first+n+7)/8)
		for i := range bits {
			bits[i] = []byte{0, 0xff, byte(random.Uint32())}[random.IntN(3)]
		}
		present := make([]bool, n)
		last := -1
		for from, to := range Runs(bits, first, n) {
			if from <= last || to <= from || to > n {
				t.Fatalf("run from %d to %d after %d, of %d rows", from, to, last, n)
			}
			for row := from; row < to; row++ {
				present[row] = true
			}
			last = to
		}
		for row, got := range present {
			if want := bits[(first+row)/8]>>((first+row)%8)&1 == 1; got != want {
				t.Fatalf("row %d of %d from bit %d of %x: %v", row, n, first, bits, got)
			}
		}
		all := 0
		for from, to := range Runs(nil, first, n) {
			all += to - from
		}
		if all != n {
			t.Fatalf("%d rows of %d without a bitmap", all, n)
		}
	}
}
