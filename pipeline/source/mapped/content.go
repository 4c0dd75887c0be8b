package mapped

import "hardship/pipeline/hour"

// An identity is of what a row says in one version of a file.
type identity struct {
	content [8]byte
	seen    hour.Instant // 0 where rows have no version
}

// identities count how often a content has occurred in one version of a file. There
// may be as many as a file has rows, so each takes the 8 bytes of a key in a hash
// table, of which a half to three quarters are in use, and only those that occur
// again have a count.
type identities struct {
	parts [256][]uint64 // keys by their first byte, each part a table that grows by itself; 0 is free
	used  [256]int
	again map[uint64]uint32 // how often those that have occurred again have
}

// key makes one number of an identity. Two differ in it as surely as their contents
// do, which are hashes themselves.
func (id identity) key() uint64 {
	key := uint64(id.seen)*0x9e3779b97f4a7c15 + 1
	for i, b := range id.content {
		key ^= uint64(b) << (8 * i)
	}
	return max(1, key)
}

// add returns how often the identity has occurred, this time among them.
func (d *identities) add(id identity) uint32 {
	key := id.key()
	part := key >> 56
	if slots := d.parts[part]; 4*(d.used[part]+1) > 3*len(slots) {
		d.parts[part] = make([]uint64, max(64, 2*len(slots)))
		for _, key := range slots {
			if key != 0 {
				*d.slot(key) = key
			}
		}
	}
	slot := d.slot(key)
	if *slot == 0 {
		*slot = key
		d.used[part]++
		return 1
	}
	if d.again == nil {
		d.again = map[uint64]uint32{}
	}
	d.again[key] = max(1, d.again[key]) + 1
	return d.again[key]
}

// slot returns where a key stands, or would.
func (d *identities) slot(key uint64) *uint64 {
	slots := d.parts[key>>56]
	for i := key & uint64(len(slots)-1); ; i = (i + 1) & uint64(len(slots)-1) {
		if slots[i] == 0 || slots[i] == key {
			return &slots[i]
		}
	}
}
