package normalize

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"hardship/pipeline/source"
	"hardship/pipeline/source/cekschedule"
	"hardship/pipeline/source/outagedata"
)

// ReadCEKSchedules reads the archive of schedules of CEK in Dnipro; the rules by
// which a version is understood stand at hourschedule.Facts. The publisher is
// the source.
//
// Later versions of a day blank hours already past, which is no change of what
// was announced for them: a slot takes the last version committed before it
// begins (methods.md 6.6).
func ReadCEKSchedules(s *Sink, r io.Reader, name string) error {
	a, err := newAnnouncements(s)
	if err != nil {
		return err
	}
	return each(s, cekschedule.Read(r, name, s.Source.Location), func(x source.Schedule) error {
		x.Publisher = s.Source.Name
		return a.write(x)
	})
}

// ReadOutageData reads one version of a page of outage-data-ua. The publisher is
// the source. Further options are
//
//	queues  the lines whose queues are the source's, such as GPV1,GPV2
//	preset  true: read the weekly template instead of what was announced
//
// A page may hold the queues of two operators, which are never pooled: in Dnipro
// GPV1 to GPV6 are DTEK's, GPV1001 to GPV1006 are CEK's. Where queues is set,
// others are counted as kept and make no row; where it is not, one of line 1000
// or above is rejected.
//
// A template says when power may be off in any week, and was announced for no
// day. It is read only when asked for, alone, and under the operator's name with
// -preset after it, so that it never meets what was announced.
func ReadOutageData(s *Sink, r io.Reader, name string) error {
	a, err := newAnnouncements(s)
	if err != nil {
		return err
	}
	preset, err := s.boolOption("preset")
	if err != nil {
		return err
	}
	lines, err := s.linesOption()
	if err != nil {
		return err
	}
	read := outagedata.Read
	if preset {
		read = outagedata.ReadPreset
		a.operator += "-preset"
	}
	return each(s, read(r, name, s.Source.Location), func(x source.Schedule) error {
		line, _, _ := strings.Cut(x.Group, ".")
		switch {
		case lines == nil && len(line) > len("GPV999"):
			return &source.ParseError{Origin: x.Origin, Field: "queue", Value: x.Group, Code: source.NotAllowed, Err: errOtherOperator}
		case lines != nil && !slices.Contains(lines, line):
			return nil
		}
		x.Publisher = s.Source.Name
		return a.write(x)
	})
}

var errOtherOperator = errors.New("is numbered as another operator's; the option queues says which are this source's")

// linesOption returns the lines that the option queues names, nil for all.
func (s *Sink) linesOption() ([]string, error) {
	option := s.Source.Options["queues"]
	if option == "" {
		return nil, nil
	}
	var lines []string
	for line := range strings.SplitSeq(option, ",") {
		line = strings.TrimSpace(line)
		if !isQueue(line) || strings.Contains(line, ".") {
			return nil, s.badOption("queues", fmt.Errorf("%q is not a line of queues such as GPV3", line))
		}
		lines = append(lines, line)
	}
	return lines, nil
}
