package bulletin

import (
	"strings"
	"testing"
	"time"
)

// A weekday and a number that no month follows are a day of the month that the text is of.
func TestBareDays(t *testing.T) {
	o := settings(t)
	o.Received = time.Date(2020, 3, 20, 0, 0, 0, 0, time.UTC)
	for text, want := range map[string]string{
		"Watch notes, 20 March 2020\n\nThe list for March:\n\n* Sat 7: Mill Road, Scole. Till stolen at 11.20am.\n\n* Tues 10: Back Lane, Diss. Purse taken between 1pm and 3pm.\n": "Mill Road, Scole 07 11:20 07 11:20; Back Lane, Diss 10 13:00 10 15:00",
		"Watch notes, 20 March 2020\n\n* Fri 6 - Sat 7: Mill Road, Scole. Lights taken overnight.\n\n* Tues 10, 5pm, to Wed 11, 8am: Back Lane, Diss. Chalet broken into.\n":        "Mill Road, Scole 06 20:00 07 08:00; Back Lane, Diss 10 17:00 11 08:00",
		"Period: 6 to 13 March 2020\n\nDISS\nMere Street. Shed entered between Sun 8 (1800) and Mon 9 (0715). Saw taken.\nBack Lane. Bench broken on Sat 7, 0130 to 0215.\n":        "Mere Street, DISS 08 18:00 09 07:15; Back Lane, DISS 07 01:30 07 02:15",
	} {
		reports, _ := Read(text, o)
		var got []string
		for _, r := range reports {
			got = append(got, r.Location+r.From.Format(" 02 15:04")+r.To.Format(" 02 15:04"))
		}
		if s := strings.Join(got, "; "); s != want {
			t.Errorf("%q: got %s, want %s", text, s, want)
		}
	}
}
