package config

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestProbe(t *testing.T) {
	base := "period: {from: 2020-10-15, to: 2025-04-01}\nareas: {from_data: true}\nsources:\n  - {name: temps, table: temperature, format: csv, files: [t.csv]}\n"
	f := map[string]string{"csv": "", "parquet": "", "missile_attacks": "strike"}
	for _, c := range []string{
		"", "# only\n", base, base + "perod: 3\n", base + "out: [1,2]\n", base + "out: &a x\n", base + "a: &a [x,x]\nb: [*a,*a]\n",
		base + "cold: {spells: [{tmean_below_c: .nan, days: 3}]}\n", base + "cold: {spells: [{tmean_below_c: 1e400, days: 3}]}\n",
		base + "out: a\nout: b\n", "\xef\xbb\xbf" + base, strings.ReplaceAll(base, "\n", "\r\n") + "perod: 3\r\n",
		base + "title: \"\\x1b[31m\"\n", base + "out: !!binary xx\n", base + "---\nx: 1\n", "[1,2]", "x", "{", "a: b: c", "\t a: 1", "a:\n\t- b\n",
		base + "\x00", base + "title: \xff\xfe\n",
		strings.Replace(base, "files: [t.csv]", "files: [t.csv], columns: {area_id: {const: [1]}, t_c: [a]}", 1),
		strings.Replace(base, "files: [t.csv]", "files: [t.csv], columns: {area: x}", 1),
		strings.Replace(base, "2020-10-15", "2020-13-15", 1), strings.Replace(base, "2020-10-15", "20201015", 1),
		base + "extra_lag_days: -1\n", base + "extra_lag_days: 1.5\n", base + "extra_lag_days: 99999999999\n", base + "max_rejected_share: .nan\n",
		strings.Repeat("[", 100), strings.Repeat("[", 200000), strings.Repeat("{a: ", 100000), strings.Repeat("- ", 100000) + "a", strings.Repeat("\"", 100001),
		func() string {
			s := ""
			for i := 0; i < 3000; i++ {
				s += strings.Repeat(" ", i) + "a:\n"
			}
			return s[:min(len(s), 1<<20)]
		}(),
		strings.Repeat("a: 1\n", 30000), "? a\n: b\n", "out: |\n  a\n  b\n", base + "alerts: {merged_areas: UA1}\n", base + "focus: null\n", base + "as_of: 2020-01-01\n", base + "<<: {out: x}\n",
	} {
		func() {
			defer func() {
				if r := recover(); r != nil {
					fmt.Printf("PANIC %.60q: %v\n", c, r)
				}
			}()
			s := time.Now()
			_, err := Read([]byte(c), "h.yaml", f)
			fmt.Printf("%.30q..%.40q (%v): %.300v\n", c, c[max(0, len(c)-40):], time.Since(s).Round(time.Millisecond), err)
		}()
	}
}
