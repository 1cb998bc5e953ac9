package address

// Normalise returns the key of a location text: without accents, case,
// punctuation and extra spaces. Texts with the same key are the same place, so a
// person's decision on one holds for the others.
func Normalise(text string) string { return Fold(text) }

// NormaliseStreet returns the key of a location text without what tells one
// house from another: its number, its flat, its name. A list of such keys tells
// which streets are missing without telling who lives there.
func NormaliseStreet(text string) string {
	a := Parse(text)
	return Fold(Address{Streets: a.Streets, Locality: a.Locality, Outcode: outcodeOf(a)}.String())
}

func outcodeOf(a Address) string {
	if a.Outcode == "" {
		return ""
	}
	for i, c := range a.Outcode {
		if c == ' ' {
			return a.Outcode[:i]
		}
	}
	return a.Outcode
}
