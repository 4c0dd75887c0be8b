package normalize

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
)

// A contentHash is an identity made from a row's content: the beginning of the
// SHA-256 of its parts. Parts are told apart by their lengths, so that moving text
// from one to the next makes another identity.
type contentHash [8]byte

// appendPart appends a part as it is hashed: its length, a colon and itself.
func appendPart[T string | []byte](text []byte, part T) []byte {
	switch n := len(part); {
	case n < 10:
		text = append(text, byte('0'+n), ':')
	case n < 100: // as nearly all are
		text = append(text, byte('0'+n/10), byte('0'+n%10), ':')
	default:
		text = append(strconv.AppendInt(text, int64(n), 10), ':')
	}
	return append(text, part...)
}

// hashParts returns the hash of parts that have been appended to one another.
func hashParts(text []byte) contentHash {
	sum := sha256.Sum256(text)
	return contentHash(sum[:8])
}

// contentID returns the hash of a row's content in hex digits.
func contentID(parts ...string) string {
	var text []byte
	for _, part := range parts {
		text = appendPart(text, part)
	}
	h := hashParts(text)
	return hex.EncodeToString(h[:])
}

// appendNumbered appends the identity of the n-th row of a hash, from 1: that of
// contentID, then with -2, -3 and so on.
func (h contentHash) appendNumbered(text []byte, n int32) []byte {
	text = hex.AppendEncode(text, h[:])
	if n > 1 {
		text = strconv.AppendInt(append(text, '-'), int64(n), 10)
	}
	return text
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
