package mapped

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"slices"

	"hardship/pipeline/hour"
	"hardship/pipeline/internal/scratch"
)

// An identity is of what a row says in one version of a file.
type identity struct {
	content [8]byte
	seen    hour.Instant // 0 where rows have no version
}

// mostHeld is how many keys of identities are held in memory, 11 to 22 bytes each.
// Those beyond them lie in files, and take a byte and a little each.
const mostHeld = 1 << 20

// identities count how often a content has occurred in one version of a file. There
// may be as many as a file has rows, so each occurrence is a key of 8 bytes in a set:
// the first that of the identity, the n-th one made of it and of n. The set is a hash
// table, of which three eighths to three quarters are in use. Once it is full its keys
// move to a file in their order, together with those of files that are no longer, so
// that there are few.
type identities struct {
	parts [256][]uint64 // keys by their first byte, each part a table that grows by itself; 0 is free
	used  [256]int
	held  int // keys in parts

	most   int // held at once; 0 for mostHeld
	name   string
	folder string
	runs   []*keyRun
	page   [pageKeys]uint64 // scratch of reading
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

// occurrence returns the key of the n-th occurrence of what has a key, from 1.
func occurrence(key uint64, n uint32) uint64 {
	if n == 1 {
		return key
	}
	return max(1, mixed(key+uint64(n)*0x9e3779b97f4a7c15))
}

// mixed spreads a number over all bits, as SplitMix64 ends.
func mixed(x uint64) uint64 {
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// add returns how often the identity has occurred, this time among them. An error is
// a scratch.ErrFile.
func (d *identities) add(id identity) (uint32, error) {
	key := id.key()
	if added, err := d.insert(key); added || err != nil {
		return 1, d.fault(err)
	}
	// All occurrences up to the last are there: it is found by doubling and halving.
	last, after := uint32(1), uint32(2)
	for halving := false; after-last > 1 || !halving; {
		n := after
		if halving {
			n = last + (after-last)/2
		}
		there, err := d.has(occurrence(key, n))
		switch {
		case err != nil:
			return 0, d.fault(err)
		case !there:
			after, halving = n, true
		case halving:
			last = n
		default:
			last, after = n, 2*n
		}
	}
	_, err := d.insert(occurrence(key, after))
	return after, d.fault(err)
}

func (d *identities) fault(err error) error {
	if err != nil {
		err = fmt.Errorf("%s: identities of rows: %w: %w", d.name, scratch.ErrFile, err)
	}
	return err
}

// insert adds a key, unless it is there already.
func (d *identities) insert(key uint64) (bool, error) {
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
	if *slot != 0 {
		return false, nil
	}
	if there, err := d.filed(key); there || err != nil {
		return false, err
	}
	*slot = key
	d.used[part]++
	if d.held++; d.held < d.most || d.most == 0 && d.held < mostHeld {
		return true, nil
	}
	return true, d.spill()
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

// has reports whether a key has been added.
func (d *identities) has(key uint64) (bool, error) {
	if len(d.parts[key>>56]) > 0 && *d.slot(key) != 0 {
		return true, nil
	}
	return d.filed(key)
}

// filed reports whether a key lies in a file.
func (d *identities) filed(key uint64) (bool, error) {
	for _, r := range d.runs {
		if there, err := r.has(key, d.page[:]); there || err != nil {
			return there, err
		}
	}
	return false, nil
}

// spill moves the keys that are held to a file, with those of files that have no more.
func (d *identities) spill() error {
	part := 0
	cursors := []*keyCursor{{more: func() ([]uint64, error) {
		for part < len(d.parts) {
			keys := slices.DeleteFunc(d.parts[part], func(key uint64) bool { return key == 0 })
			slices.Sort(keys)
			if part++; len(keys) > 0 {
				return keys, nil
			}
		}
		return nil, nil
	}}}
	keys, kept := d.held, len(d.runs)
	for ; kept > 0 && d.runs[kept-1].keys <= keys; kept-- {
		keys += d.runs[kept-1].keys
		cursors = append(cursors, d.runs[kept-1].cursor())
	}
	merged, err := newKeyRun(d.folder, keys)
	if err != nil {
		return err
	}
	merging := d.runs[kept:]
	defer func() {
		for _, r := range merging {
			r.file.Close()
		}
	}()
	d.runs = append(d.runs[:kept:kept], merged)
	err = merged.write(cursors)
	d.parts, d.used, d.held = [256][]uint64{}, [256]int{}, 0
	return err
}

// close gives up the files.
func (d *identities) close() {
	for _, r := range d.runs {
		r.file.Close()
	}
	d.runs = nil
}

// A keyRun is a file of keys in their order.
type keyRun struct {
	file   *scratch.File
	keys   int
	first  []uint64 // of each page
	filter []uint64 // a word for each 8 keys, in which a key has up to 4 bits
}

// pageKeys is how many keys of a file are read at once.
const pageKeys = 512

func newKeyRun(folder string, keys int) (*keyRun, error) {
	file, err := scratch.Create(folder, ".tmp-identities-*")
	if err != nil {
		return nil, err
	}
	return &keyRun{file: file, keys: keys, filter: make([]uint64, 1+keys/8)}, nil
}

// bits returns the word of the filter that a key belongs to and its bits there.
func (r *keyRun) bits(key uint64) (word *uint64, bits uint64) {
	x := mixed(key)
	bits = 1<<(x&63) | 1<<(x>>6&63) | 1<<(x>>12&63) | 1<<(x>>18&63)
	return &r.filter[(x>>24)%uint64(len(r.filter))], bits
}

// write fills the file with the keys of cursors.
func (r *keyRun) write(cursors []*keyCursor) error {
	out := bufio.NewWriterSize(r.file, 64<<10)
	for n := 0; ; n++ {
		var least *keyCursor
		for _, c := range cursors {
			if len(c.keys) == 0 {
				var err error
				if c.keys, err = c.more(); err != nil {
					return err
				}
			}
			if len(c.keys) > 0 && (least == nil || c.keys[0] < least.keys[0]) {
				least = c
			}
		}
		if least == nil {
			return out.Flush()
		}
		key := least.keys[0]
		least.keys = least.keys[1:]
		if n%pageKeys == 0 {
			r.first = append(r.first, key)
		}
		word, bits := r.bits(key)
		*word |= bits
		if _, err := out.Write(binary.LittleEndian.AppendUint64(out.AvailableBuffer(), key)); err != nil {
			return err
		}
	}
}

// has reports whether a key is in the file; page is scratch.
func (r *keyRun) has(key uint64, page []uint64) (bool, error) {
	if word, bits := r.bits(key); *word&bits != bits {
		return false, nil
	}
	n, found := slices.BinarySearch(r.first, key)
	if found || n == 0 {
		return found, nil
	}
	keys, err := r.page(n-1, page)
	if err != nil {
		return false, err
	}
	_, found = slices.BinarySearch(keys, key)
	return found, nil
}

// page reads a page.
func (r *keyRun) page(n int, page []uint64) ([]uint64, error) {
	var bytes [8 * pageKeys]byte
	page = page[:min(pageKeys, r.keys-n*pageKeys)]
	if _, err := r.file.ReadAt(bytes[:8*len(page)], int64(n)*8*pageKeys); err != nil {
		return nil, err
	}
	for i := range page {
		page[i] = binary.LittleEndian.Uint64(bytes[8*i:])
	}
	return page, nil
}

// A keyCursor goes through keys in their order.
type keyCursor struct {
	keys []uint64
	more func() ([]uint64, error) // those that follow; none at the end
}

func (r *keyRun) cursor() *keyCursor {
	next, page := 0, make([]uint64, pageKeys)
	return &keyCursor{more: func() ([]uint64, error) {
		if next == len(r.first) {
			return nil, nil
		}
		next++
		return r.page(next-1, page)
	}}
}
