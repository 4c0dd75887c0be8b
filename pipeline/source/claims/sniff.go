package claims

import "bytes"

// Sniff reports whether the head of a file is that of such claims, and why.
func Sniff(head []byte) (why string, ok bool) {
	found := map[string]bool{}
	for line := range bytes.Lines(bytes.TrimPrefix(head, []byte("\ufeff"))) {
		if key, _, isKey := bytes.Cut(line, []byte(":")); isKey {
			found[string(key)] = true
		}
	}
	for _, key := range []string{"pause_id", "claims"} {
		if !found[key] {
			return "no line of it begins with " + key + ":", false
		}
	}
	return "lines of it begin with pause_id: and claims:", true
}
