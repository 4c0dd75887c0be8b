package jsonfile

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
)

func TestVersions(t *testing.T) {
	archive := strings.Join([]string{
		`{"commit": "0123abc", "commit_time_utc": "2026-02-02T11:01:22Z"}`,
		`{"commit": "0123abd", "commit_time_utc": "2026-02-02T13:01:22+02:00"}`, // the same moment
		`{"commit": "0123ABE", "commit_time_utc": "2026-02-02T11:05:00Z"}`,
		`{"commit": "0123abf", "commit_time_utc": "2026-02-02 11:05:00"}`,
		`{"commit": "0123ac0"}`,
		`[]`,
		`{"commit": "0123ac1", "commit_time_utc": "2026-02-02T11:05:00Z"}`,
	}, "\n")
	var got []string
	for v, err := range Versions(strings.NewReader(archive), "f") {
		if err != nil {
			got = append(got, err.Error())
			continue
		}
		got = append(got, fmt.Sprint(v.Commit, " ", v.At, " ", v.Origin().Line))
	}
	want := []string{
		`0123abc 2026-02-02T11:01:22Z 1`,
		`f:2:42: /commit_time_utc "2026-02-02T13:01:22+02:00": is not later than the versions before it [H0212]`,
		`f:3:12: /commit "0123ABE": is not the hash of a commit [H0207]`,
		`f:4:42: /commit_time_utc "2026-02-02 11:05:00": not a time [H0203]`,
		`f:5:1: /commit_time_utc "": is not there [H0205]`,
		`f:6:1: is a list, not an object [H0207]`,
		`0123ac1 2026-02-02T11:05:00Z 7`,
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("Versions:\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
