package address

import "testing"

func TestNormalise(t *testing.T) {
	for _, tt := range []struct{ name, a, b string }{
		{"case and spaces", "MILL  STREET,  ELSING", "Mill Street, Elsing"},
		{"punctuation", "St. Andrew's Close; Holme Hale", "St Andrews Close, Holme Hale"},
		{"an at sign", "Mill Street @ Church Road", "Mill Street j/w Church Road"},
		{"a plus sign", "Mill Street + Church Road", "Mill Street & Church Road"},
		{"accent", "Café Row, Dereham", "Cafe Row, Dereham"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if a, b := Normalise(tt.a), Normalise(tt.b); a != b || a == "" {
				t.Errorf("keys %q and %q, want the same", a, b)
			}
		})
	}
	if Normalise("12 Mill Street, Elsing") == Normalise("14 Mill Street, Elsing") {
		t.Error("two houses have one key")
	}
}

func TestNormaliseStreet(t *testing.T) {
	want := NormaliseStreet("Mill Street, Elsing")
	for _, text := range []string{"12 Mill Street, Elsing", "Flat 3, 14a Mill Street, Elsing", "12-16 MILL STREET, ELSING"} {
		if got := NormaliseStreet(text); got != want {
			t.Errorf("%q = %q, want %q", text, got, want)
		}
	}
}
