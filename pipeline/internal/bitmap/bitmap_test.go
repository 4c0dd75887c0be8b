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
