package bulletin

import (
	"strings"
	"testing"
	"time"
)

// A heading of two days holds for the night between them, line by line, and a later heading
// for the next; when the log was copied is no day of it.
func TestHeadingsOfNights(t *testing.T) {
	o := settings(t)
	o.Received = time.Date(2020, 3, 20, 0, 0, 0, 0, time.UTC)
	lines := func(a, b string) string {
		return a + "\n2200 On duty.\n2215 Mill Road, Scole. Shop window smashed.\n0040 Back Lane, Diss. Till stolen.\n\n" + b + "\n2200 On duty.\n2250 Mere Street, Diss. Bag stolen.\n0155 Low Road, Roydon. Van window smashed.\n0600 Off duty.\n"
	}
	want := "Mill Road, Scole 06 22:15; Back Lane, Diss 07 00:40; Mere Street, Diss 07 22:50; Low Road, Roydon 08 01:55"
	for _, text := range []string{
		"DUTY BOOK, WAVENEY NIGHTS - copy for the parish, 8 March 2020\n\n" + lines("NIGHTS FRI 6 / SAT 7 MARCH", "NIGHTS SAT 7 / SUN 8 MARCH"),
		"Station log, copied 9 March 2020\n\n" + lines("Night shift Fri 6 - Sat 7 March", "Night shift Sat 7 - Sun 8 March"),
		"Station log\n\n" + lines("Night of Friday 6/Saturday 7 March 2020", "Night of Saturday 7/Sunday 8 March 2020"),
		"Station log, copied 9 March 2020\n\n" + lines("Fri 6 March into Sat 7 March", "Sat 7 March into Sun 8 March"),
	} {
		reports, _ := Read(text, o)
		var got []string
		for _, r := range reports {
			got = append(got, r.Location+r.From.Format(" 02 15:04"))
		}
		if s := strings.Join(got, "; "); s != want {
			t.Errorf("%.60q: got %s", text, s)
		}
	}
}
