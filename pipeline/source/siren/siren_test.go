package siren

import (
	"bytes"
	"fmt"
	"io"
	"iter"
	"os"
	"testing"

	"hardship/pipeline/hour"
	"hardship/pipeline/internal/golden"
	"hardship/pipeline/source"
)

func line(a source.Alert) string {
	end := "lasting"
	if a.End != hour.DistantFuture {
		end = a.End.String()
	}
	if a.EndImputed {
		end += " imputed"
	}
	return fmt.Sprintf("%s@%d:%d level %d %v – %s, alerts %v", a.Place, a.Origin.Line, a.Origin.Column, a.Level, a.Start, end, a.Subalerts)
}

func TestRead(t *testing.T) {
	for _, tt := range []struct {
		name string
		read func(io.Reader, string) iter.Seq2[source.Alert, error]
	}{
		{"official", ReadOfficial},
		{"volunteer", ReadVolunteer},
	} {
		in, err := os.ReadFile("testdata/" + tt.name + ".csv")
		if err != nil {
			t.Fatal(err)
		}
		golden.Check(t, "testdata/"+tt.name+".golden", golden.Lines(t, tt.read(bytes.NewReader(in), tt.name+".csv"), line))
	}
}

func TestOneFileIsNotTakenForTheOther(t *testing.T) {
	for name, read := range map[string]func(io.Reader, string) iter.Seq2[source.Alert, error]{"official": ReadVolunteer, "volunteer": ReadOfficial} {
		in, err := os.ReadFile("testdata/" + name + ".csv")
		if err != nil {
			t.Fatal(err)
		}
		for _, err := range read(bytes.NewReader(in), name) {
			if file, ok := err.(*source.FileError); !ok || file.Code != source.WrongFormat {
				t.Errorf("%s: %v, want a *source.FileError of %s", name, err, source.WrongFormat)
			}
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("oblast,level,started_at,finished_at\nA,raion,2031-01-05 16:10:34+00:00,2031-01-05 16:50:07+00:00\n"))
	f.Add([]byte("region,started_at,finished_at,naive\nA,2031-01-05 16:10:34+00:00,,False\n"))
	f.Fuzz(func(t *testing.T, in []byte) {
		golden.Lines(t, ReadOfficial(bytes.NewReader(in), "f"), line)
		golden.Lines(t, ReadVolunteer(bytes.NewReader(in), "f"), line)
	})
}
