package mapped

import (
	"encoding/binary"
	"math/rand/v2"
	"testing"

	"hardship/pipeline/hour"
)

func TestIdentitiesAreCountedAsByAMap(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 7))
	counts := map[identity]uint32{}
	var counted identities
	for i := range 300_000 {
		var id identity
		switch {
		case i%5 == 0: // one of few, so that many come again
			binary.BigEndian.PutUint64(id.content[:], random.Uint64N(1000))
			id.seen = hour.Instant(random.Uint64N(3)) * hour.Second
		default: // as hashes are
			binary.BigEndian.PutUint64(id.content[:], random.Uint64())
		}
		counts[id]++
		if got := counted.add(id); got != counts[id] {
			t.Fatalf("%v has occurred %d times, counted are %d", id, counts[id], got)
		}
	}
	slots := 0
	for part, keys := range counted.parts {
		slots += len(keys)
		if 4*counted.used[part] > 3*len(keys) {
			t.Fatalf("part %d: %d keys in %d slots", part, counted.used[part], len(keys))
		}
	}
	if slots > 4*len(counts) {
		t.Errorf("%d slots for %d identities", slots, len(counts))
	}
}
