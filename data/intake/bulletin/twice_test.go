package bulletin

import (
	"strings"
	"testing"
	"time"
)

// What is told twice, and what only looks like a place, is no incident of its own.
func TestToldOnce(t *testing.T) {
	o := settings(t)
	o.Received = time.Date(2020, 3, 20, 0, 0, 0, 0, time.UTC)
	for text, want := range map[string]string{
		"[10/03/2020, 07:51:20] Una: Somebody was in the back yard at Mill Street, Scole at 4 this morning. Door forced.\n[11/03/2020, 19:22:31] Rab: Van window smashed on Back Lane, Diss today between 2 and quarter to 4.\n[12/03/2020, 14:15:55] Una: Update on the yard in Mill St. CCTV shows one man. Police have it\n":                 "Mill Street, Scole 10 04:00; Back Lane, Diss 11 14:00",
		"20 March 2020\n\nOn Friday 6 March they were in Diss. At about 7.30pm a van was started up and driven off from Mere Street with the owner indoors.\n":                                                                                                                                                                                  "Mere Street, Diss 06 19:30",
		"[10/03/2020, 09:05:16] Una: Last night between 7 and 9 our garage was broken into - Mill Road, Scole. Drill gone\n[10/03/2020, 09:07:44] Rab: Sorry to hear that Una\n":                                                                                                                                                                "Mill Road, Scole 09 19:00",
		"[10/03/2020, 09:05:16] Una: Garage broken into on Mill Road, Scole last night between 7 and 9.\n[11/03/2020, 08:02:13] Rab: Meeting Thursday 7pm in the Corn Hall, all welcome\n":                                                                                                                                                      "Mill Road, Scole 09 19:00",
		"20 March 2020\n\nA house in Mill Road, Scole, was broken into on Sunday 8 March between 10.45am and 12.15pm. The owners were at Mass.\n":                                                                                                                                                                                               "Mill Road, Scole 08 10:45",
		"Whitby town patch - what came in, 1st to 14th March 2020 (Whitby where not said)\nSent 15/03/2020\n\n– Mon 2nd, 19:40, Baxtergate: mirrors kicked off two cars\n– Fri 6th, about 6.50pm, Skinner Street: firework thrown at a bus\n– Sat 7th, 2.15am, Haggersgate: man punched\n– Sun 8th, 3pm, Sleights, Coach Road: trailer taken\n": "Baxtergate, Whitby 02 19:40; Skinner Street, Whitby 06 18:50; Haggersgate, Whitby 07 02:15; Coach Road, Sleights 08 15:00",
	} {
		reports, _ := Read(text, o)
		var got []string
		for _, r := range reports {
			got = append(got, r.Location+r.From.Format(" 02 15:04"))
		}
		if s := strings.Join(got, "; "); s != want {
			t.Errorf("%.70q: got %s", text, s)
		}
	}
}
