package data

import (
	"testing"
	"time"
)

func TestWords(t *testing.T) {
	const day = 24 * time.Hour
	for got, want := range map[string]string{
		Count(0, "report"):   "0 reports",
		Count(1, "report"):   "1 report",
		Days(30 * time.Hour): "a day",
		Days(84 * time.Hour): "3.5 days",
		Days(40 * day):       "40 days",
		Days(3653 * day):     "10 years",
		Often(1.4):           "a day",
		Often(1094):          "in 1094 days",
		Often(1096):          "in 3 years",
		Often(365.25 * 2e6):  "in a million years or more",
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestPlainText(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"nothing to do", "Café, 12 Mill Street", "Café, 12 Mill Street"},
		{"an escape sequence", "a\x1b[2Jb", "a?[2Jb"},
		{"a C1 control", "a\u009bb", "a?b"},
		{"a mark of direction", "a\u202eb", "a?b"},
		{"a line break", "a\r\nb", "a  b"},
	} {
		if got := PlainText(c.text); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}
