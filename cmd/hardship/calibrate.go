package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"hardship/pipeline/calibrate"
	"hardship/pipeline/table"
)

// calibrateCommand simulates the shipped table calibration anew. It is for whoever
// changes a statistic, and stands in no list of commands.
func (a *app) calibrateCommand() *cobra.Command {
	var panels, threads int
	var to string
	c := &cobra.Command{
		Use: "calibrate", Short: "Simulate what intervals and tests do where the truth is known", Hidden: true, Args: cobra.NoArgs,
		Long: "Calibrate draws records whose truth is known, asks them what a run asks of data, and writes\ncalibration.csv and slice.csv, the same of the first records only. See datasets/calibration.",
	}
	c.Flags().IntVar(&panels, "panels", calibrate.Panels, "simulated records of each scene and length, with and without an association")
	c.Flags().IntVar(&threads, "threads", 0, "records worked on at once; 0 for all cores; never changes a byte")
	c.Flags().StringVar(&to, "to", "datasets/calibration", "folder that the tables are written to")
	c.RunE = a.work(func([]string) error {
		if panels < 1 {
			return usagef("--panels is at least 1, not %d", panels)
		}
		for name, n := range map[string]int{"slice.csv": min(panels, calibrate.SlicePanels), "calibration.csv": panels} {
			var b bytes.Buffer
			if err := table.WriteCSV(&b, calibrate.Table(calibrate.Run(n, threads, nil))); err != nil {
				return err
			}
			if err := os.WriteFile(filepath.Join(to, name), b.Bytes(), 0o644); err != nil {
				return fmt.Errorf("write the table: %w", err)
			}
		}
		return nil
	})
	return c
}
