package normalize

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"

	"hardship/pipeline/area"
	"hardship/pipeline/hour"
	"hardship/pipeline/internal/sample"
	"hardship/pipeline/table"
)

// keepFiles is for comparing with other programs on the same files.
var keepFiles = flag.String("keep", "", "folder into which benchmarks of readers write their files")

// BenchmarkRead reads files of two shapes into canonical batches that are
// dropped. Every county of EAGLE-I is kept, in eagle_i_one only one of 3,100.
func BenchmarkRead(b *testing.B) {
	counties := []area.Area{{ID: "US", English: "United States"}}
	for i := range sample.Counties {
		counties = append(counties, area.Area{ID: area.ID(fmt.Sprintf("US%05d", sample.County(i))), Parent: "US", Level: 1})
	}
	oblasts := []area.Area{{ID: "UA", English: "Ukraine"}}
	for i, name := range sample.Oblasts {
		oblasts = append(oblasts, area.Area{ID: area.ID(fmt.Sprintf("UA%02d", i)), Parent: "UA", Level: 1, English: name})
	}
	kyiv, err := hour.LoadLocation("Europe/Kyiv")
	if err != nil {
		b.Fatal(err)
	}
	for _, shape := range []struct {
		name, format string
		file         io.Reader
		table        *table.Schema
		areas        []area.Area
	}{
		{"eagle_i", "eagle_i", sample.EagleI(500_000), table.OutageSnapshot, counties},
		{"eagle_i_one", "eagle_i", sample.EagleI(500_000), table.OutageSnapshot, counties[:2]},
		{"bulletins", "missile_attacks", sample.Bulletins(100_000), table.Strike, oblasts},
	} {
		in, err := io.ReadAll(shape.file)
		if err != nil {
			b.Fatal(err)
		}
		if *keepFiles != "" {
			if err := os.WriteFile(filepath.Join(*keepFiles, shape.name+".csv"), in, 0o644); err != nil {
				b.Fatal(err)
			}
		}
		areas, err := area.NewGazetteer(shape.areas)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(shape.name, func(b *testing.B) {
			b.SetBytes(int64(len(in)))
			b.ReportAllocs()
			for b.Loop() {
				s := &Sink{Source: &Source{Name: "bench", Table: shape.table, Location: kyiv}, Gazetteer: areas, Emit: func(*table.Table) error { return nil }}
				if err := Read(s, shape.format, File{Name: "f.csv", Content: bytes.NewReader(in), Size: int64(len(in))}); err != nil || s.Counts.Rejected > 0 {
					b.Fatal(s.Counts, err)
				}
			}
		})
	}
}
