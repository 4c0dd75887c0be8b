package normalize

import "strings"

// weaponOf is the class of table.Strike for every weapon model that the
// bulletins name. Models joined by a slash are one name where the slash belongs
// to it.
var weaponOf = map[string]string{
	"Ballistic Missile":                  "ballistic",
	"C-300":                              "ballistic", // against ground targets
	"C-400":                              "ballistic",
	"Intercontinental Ballistic Missile": "ballistic",
	"Iskander-M":                         "ballistic",
	"KN-23":                              "ballistic",
	"X-47 Kinzhal":                       "ballistic",

	"3M22 Zircon": "cruise",
	"Banderol":    "cruise",
	"Iskander-K":  "cruise",
	"Kalibr":      "cruise",
	"P-800 Oniks": "cruise",
	"X-101":       "cruise",
	"X-22":        "cruise",
	"X-32":        "cruise",
	"X-35":        "cruise",
	"X-55":        "cruise",
	"X-555":       "cruise",
	"X-59":        "cruise",
	"X-59MK2":     "cruise",
	"X-69":        "cruise",

	"Unknown Missile": "other_missile",
	"X-31":            "other_missile", // X-31 and its kin home on radars
	"X-31P":           "other_missile",
	"X-31PD":          "other_missile",

	"Kub":            "drone",
	"Lancet":         "drone",
	"Mohajer-6":      "drone",
	"Orion":          "drone",
	"Shahed-136/131": "drone",
	"Unknown UAV":    "drone",
	"Молнія":         "drone",
	"Привет-82":      "drone",
	"Фенікс":         "drone",

	"Aerial Bomb": "bomb",
	"GBU":         "bomb",

	"Eleron":             "reconnaissance",
	"Forpost":            "reconnaissance",
	"Granat-4":           "reconnaissance",
	"Merlin-VR":          "reconnaissance",
	"Orlan-10":           "reconnaissance",
	"Orlan-30":           "reconnaissance",
	"Reconnaissance UAV": "reconnaissance",
	"Supercam":           "reconnaissance",
	"ZALA":               "reconnaissance",
	"Картограф":          "reconnaissance",
}

// weapon returns the class of a model, or of several joined by " and " or a
// slash: the class that all share; other_missile for missiles of different
// classes; drone for drones beside reconnaissance, which is never counted; and
// unknown for any other mixture and for a model that is not in weaponOf.
func weapon(model string) string {
	var class string
	for name := range strings.SplitSeq(model, " and ") {
		name = strings.TrimSpace(name)
		if c, ok := weaponOf[name]; ok {
			class = mixed(class, c)
			continue
		}
		for part := range strings.SplitSeq(name, "/") {
			c, ok := weaponOf[strings.TrimSpace(part)]
			if !ok {
				return "unknown"
			}
			class = mixed(class, c)
		}
	}
	return class
}

// mixed returns the class of a row that has weapons of two classes; "" is that
// of no weapon.
func mixed(a, b string) string {
	missile := map[string]bool{"ballistic": true, "cruise": true, "other_missile": true}
	switch {
	case a == b || a == "":
		return b
	case missile[a] && missile[b]:
		return "other_missile"
	case a == "drone" && b == "reconnaissance", a == "reconnaissance" && b == "drone":
		return "drone"
	}
	return "unknown"
}
