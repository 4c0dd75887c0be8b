package mapped

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// numerals are how a file writes numbers.
type numerals struct {
	decimal   byte   // before the fraction
	thousands string // between groups of three digits; "" for nothing
}

// newNumerals reads the options decimal and thousands.
func newNumerals(decimal, thousands string) (numerals, error) {
	n := numerals{decimal: '.', thousands: thousands}
	switch decimal {
	case "", ".":
	case ",":
		n.decimal = ','
	default:
		return n, fmt.Errorf("decimal: %q is neither a point nor a comma", decimal)
	}
	if utf8.RuneCountInString(thousands) > 1 || strings.ContainsAny(thousands, "0123456789+-eE") || thousands == string(n.decimal) {
		return n, fmt.Errorf("thousands: %q cannot part groups of digits", thousands)
	}
	return n, nil
}

// spaces are those that spreadsheets put between thousands.
var spaces = strings.NewReplacer("\u00a0", " ", "\u202f", " ", "\u2009", " ")

// plain returns a number as csvfile.Decimal reads it, with a hyphen for the minus
// sign of typographers, and any space for the one between thousands; ok is false for one with a
// point where there is none, or with groups that are not of three digits.
func (n numerals) plain(s string) (plain string, ok bool) {
	if rest, ok := strings.CutPrefix(s, "\u2212"); ok {
		s = "-" + rest
	}
	if n.decimal == '.' && n.thousands == "" {
		return s, true
	}
	whole, fraction, parted := strings.Cut(s, string(n.decimal))
	if n.decimal == ',' && (strings.Contains(fraction, ".") || n.thousands != "." && strings.Contains(whole, ".")) {
		return "", false
	}
	if n.thousands == " " {
		whole = spaces.Replace(whole)
	}
	if n.thousands != "" && strings.Contains(whole, n.thousands) {
		for i, group := range strings.Split(strings.TrimLeft(whole, "+-"), n.thousands) {
			if len(group) > 3 || len(group) == 0 || i > 0 && len(group) != 3 {
				return "", false
			}
		}
		whole = strings.ReplaceAll(whole, n.thousands, "")
	}
	if parted {
		whole += "." + fraction
	}
	return whole, true
}
