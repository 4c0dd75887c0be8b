package index

import "testing"

// The references are those of methods.md 8.1 and 8.4.
func TestPersonHours(t *testing.T) {
	near(t, "1000 customers, 3 h, 2.4 each", float64(PersonHours(3000, 2.4, 0, 24)), 7200, 0)
	near(t, "never more than all people", float64(PersonHours(3000, 2.4, 200, 24)), 4800, 0)
	near(t, "a cap that does not bind", float64(PersonHours(3000, 2.4, 400, 24)), 7200, 0)
}

func TestAreaClass(t *testing.T) {
	for _, tt := range []struct {
		shares [Classes]float64
		want   int
	}{
		{[Classes]float64{.30, .35, .20, .12, .03}, 3},
		{[Classes]float64{1, 0, 0, 0, 0}, 1},
		{[Classes]float64{0, 0, 0, 0, 1}, 5},
		{[Classes]float64{.8, 0, 0, .1, .1}, 4}, // exactly a fifth
		{[Classes]float64{.81, .19, 0, 0, 0}, 1},
		{[Classes]float64{}, 1},
	} {
		if got := AreaClass(tt.shares); got != tt.want {
			t.Errorf("shares %v are of class %d, want %d", tt.shares, got, tt.want)
		}
	}
}

func TestHouseholdClass(t *testing.T) {
	for _, tt := range []struct {
		off   float64
		below [Classes - 1]float64 // 18, 16, 12, 5 °C
		want  int
	}{
		{0, [4]float64{}, 1},
		{3.9, [4]float64{0.9, 0, 0, 0}, 1},
		{4, [4]float64{}, 2},
		{0, [4]float64{1, 0, 0, 0}, 2},
		{0, [4]float64{9, 2, 0, 0}, 3},
		{12, [4]float64{9, 2, 0, 0}, 4},
		{4, [4]float64{24, 20, 8, 1}, 5},
		{24, [4]float64{}, 5},
	} {
		if got := HouseholdClass(tt.off, tt.below); got != tt.want {
			t.Errorf("%v h off, %v h below the limits: class %d, want %d", tt.off, tt.below, got, tt.want)
		}
	}
}
