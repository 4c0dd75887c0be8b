package normalize

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
)

// contentID returns an identity made from a row's content: the first 16 hex
// digits of the SHA-256 of its parts. Parts are told apart by their lengths, so
// that moving text from one to the next makes another identity.
func contentID(parts ...string) string {
	h := sha256.New()
	var length []byte
	for _, part := range parts {
		length = append(strconv.AppendInt(length[:0], int64(len(part)), 10), ':')
		h.Write(length)
		h.Write([]byte(part))
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// repeats tells rows of one identity apart: how often each was asked for.
type repeats map[string]int

// number returns id the first time that it is asked for, then id-2, id-3 and so
// on, and never what it has returned before.
func (r repeats) number(id string) string {
	numbered := id
	for r[numbered] > 0 {
		r[id]++
		numbered = id + "-" + strconv.Itoa(r[id])
	}
	r[numbered]++
	return numbered
}
