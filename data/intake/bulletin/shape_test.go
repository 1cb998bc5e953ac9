package bulletin

import (
	"strings"
	"testing"
	"time"
)

// The lines and labels of a text lend what they hold to the lines beside them.
func TestShapes(t *testing.T) {
	o := settings(t)
	o.Received = time.Date(2020, 3, 20, 0, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		name, text, place, from, to string
	}{
		{"an arrow is a dash", "Shed entered, Mill Street, Barford, 10 March 2020, 17:30 -> 22:10\n", "Mill Street, Barford", "10 17:30", "10 22:10"},
		{"another arrow", "Shed entered, Mill Street, Barford, 10 March 2020, 17:30 → 22:10\n", "Mill Street, Barford", "10 17:30", "10 22:10"},
		{"betw", "Tuesday 10 March 2020\nMill Street, Barford, betw 1300 hrs & 1430 hrs. Shed entered.\n", "Mill Street, Barford", "10 13:00", "10 14:30"},
		{"b/w", "Tuesday 10 March 2020\nMill Street, Barford, b/w 1300 hrs and 1430 hrs. Shed entered.\n", "Mill Street, Barford", "10 13:00", "10 14:30"},
		{"reported and occurred", "Nature: Burglary\nReported: 10/03/2020 2312\nOccurred: 10/03/2020 2150\nLocation: Mill Street, Barford\n", "Mill Street, Barford", "10 21:50", "10 21:50"},
		{"the parish of a record", "Incident card\nParish: Barford\nRoad: Back Lane\nDate: 10/03/2020\nTime: 2150\n", "Back Lane, Barford", "10 21:50", "10 21:50"},
		{"parish of, as a heading", "Rural beat\n\nParish of Harpley\nA shed in Station Road was entered at 10am on Tuesday 10 March 2020.\n", "Station Road, Harpley", "10 10:00", "10 10:00"},
		{"a street in lower case after a date", "Coltishall\n\n- Tuesday 10 March 2020, wroxham road, 9.15am: parcel stolen\n- Wednesday 11 March 2099, 4am: nothing\n", "wroxham road, Coltishall", "10 09:15", "10 09:15"},
		{"commas without spaces part cells", "No,Day,Hours,Street,Village,Crime\n1,Tue 10/03/2020,0100-0515,Mill Road,Scole,Burglary\n", "Mill Road, Scole", "10 01:00", "10 05:15"},
		{"the place beside a street, and two times, by other headers", "Crimes of the week\n\n| Crime no.  | Thoroughfare | Place       | Not before       | Not after        |\n|------------|--------------|-------------|------------------|------------------|\n| 1338/0629  | Mill Road    | Scole Bridge | 10/03/2020 22:30 | 11/03/2020 06:45 |\n", "Mill Road, Scole Bridge", "10 22:30", "11 06:45"},
		{"a drawn table", "Crimes of the week\n\n+--------+-----------+-------+------------------+------------------+\n| Serial | Scene     | Town  | Secure at        | Discovered       |\n+--------+-----------+-------+------------------+------------------+\n| 301    | Mill Road | Scole | 10/03/2020 21:00 | 11/03/2020 07:30 |\n+--------+-----------+-------+------------------+------------------+\n", "Mill Road, Scole", "10 21:00", "11 07:30"},
		{"a record in a bullet", "Alerts\n\n* What: Theft of a moped\n  Where: Columbus Ravine, Scole\n  When: between 5.15pm and 9.40pm on Tuesday 10 March 2020\n  Details: black, with the lock on.\n", "Columbus Ravine, Scole", "10 17:15", "10 21:40"},
		{"posts that date their own days", "Our posts\n\nPost 2 - Wednesday 11 March 2020\nSpeedwatch tomorrow in Back Lane, Scole, from 9am.\n\nPost 1 - Tuesday 10 March 2020\nWe were told this morning of a van opened last night between 10pm and 11pm in Mill Road, Scole.\n", "Mill Road, Scole", "09 22:00", "09 23:00"},
		{"columns by what they hold", "Serials\n\nSERIAL\tDAY\tWINDOW\tCOMMUNITY\tLOCUS\tTYPE\n0031\tTue 10 Mar\t2140-2205\tDISS\tMILL RD\tTFMV\n", "MILL RD, DISS", "10 21:40", "10 22:05"},
		{"the header of a table ends as a question does", "Date        Time     Street        Town       What\n10/03/2020  11:20    Mere Street   Diss       Theft\n", "Mere Street, Diss", "10 11:20", "10 11:20"},
		{"the day on which all was reported", "Four thefts were reported on Tuesday 10 March 2020. A van was taken at 10.15am from Mill Road, Scole.\n", "Mill Road, Scole", "10 10:15", "10 10:15"},
		{"last seen in place, far from its time", "A bench was last seen in place in Church Road, Wreningham, at 4pm on Sunday 8 March 2020 and was found to be missing at 9.30am on Tuesday 10 March 2020.\n", "Church Road, Wreningham", "08 16:00", "10 09:30"},
		{"in the day where no half of it is said", "A satnav was stolen in Mill Road, Scole, at twenty to four on Tuesday 10 March 2020.\n", "Mill Road, Scole", "10 15:40", "10 15:40"},
		{"a stretch of the day where no half of it is said", "A satnav was stolen in Mill Road, Scole, between 9.50 and 12.15 on Tuesday 10 March 2020.\n", "Mill Road, Scole", "10 09:50", "10 12:15"},
		{"a street by its number", "A till was taken in the 400-block of 5th Street, Courtenay, at 2.40am on Tuesday 10 March 2020.\n", "5th Street, Courtenay", "10 02:40", "10 02:40"},
		{"a numbered street of one side", "A till was taken from a store on South 11th Avenue in Golden at 2.40am on Tuesday 10 March 2020.\n", "South 11th Avenue, Golden", "10 02:40", "10 02:40"},
		{"where somebody is from", "A lady from Hill Street chased off a boy who was trying the doors of cars in Mill Road, Scole, at 10am on Tuesday 10 March 2020.\n", "Mill Road, Scole", "10 10:00", "10 10:00"},
		{"the street of a town's own", "A till was stolen from a shop in Malton's Mill Street at 10am on Tuesday 10 March 2020.\n", "Mill Street, Malton", "10 10:00", "10 10:00"},
		{"a name over the end of a line", "A till was stolen at 10am on Tuesday 10 March 2020 from the counter of the shop in Long\nMeadow Road, Scole, by two men who left in a car that they had\nparked behind it.\n", "Long Meadow Road, Scole", "10 10:00", "10 10:00"},
		{"a settlement and its street apart", "In the village of Scole a bungalow on Mill Road was entered at 10am on Tuesday 10 March 2020.\n", "Mill Road, Scole", "10 10:00", "10 10:00"},
		{"a night, and then its hour", "A man was robbed in Diss on Monday night (9 March 2020).\n\nHe was walking along Mere Street when two men stopped him at 22.50.\n", "Mere Street, Diss", "09 22:50", "09 22:50"},
		{"a part of the day, its hours and its date", "A house in Mill Road, Scole, was broken into in the afternoon, between 2.10pm and 5pm, of Tuesday 10 March 2020.\n", "Mill Road, Scole", "10 14:10", "10 17:00"},
		{"an appeal that tells", "Detectives would like to hear from anybody who was in Mill Road, Scole, at about 1.20am on Tuesday 10 March 2020, when a man was punched.\n", "Mill Road, Scole", "10 01:20", "10 01:20"},
		{"the day told of and that of the issue", "What came in on Tuesday 10 March 2020\n(prepared 12 Mar)\n\n- Scole\n    - Mill Road: a van opened, 21:10\n", "Mill Road, Scole", "10 21:10", "10 21:10"},
		{"what somebody had done before", "At 2am on Tuesday 10 March 2020 the door of the inn in Mill Road, Scole, was kicked in by a man who had been shown out an hour earlier.\n", "Mill Road, Scole", "10 02:00", "10 02:00"},
		{"no day from under another label", "In brief\n\nDISS: A till was taken in Mere Street at 9am on Monday 9 March 2020.\n\nEYE: Copper was stolen from a yard in Church Street.\n", "Mere Street, DISS", "09 09:00", "09 09:00"},
		{"a title whose settlement ends as a street does", "Potters Bar Neighbourhood Team - this week\n\nA shed in Oak Lane was entered at 10am on Tuesday 10 March 2020.\n", "Oak Lane, Potters Bar", "10 10:00", "10 10:00"},
		{"a settlement in brackets behind a paragraph", "Round the villages\n\nA cash box was lifted from a stall in Mill Lane at 9am on 9 March 2020. (Scole)\n\nNo crimes at all. (Eye)\n", "Mill Lane, Scole", "09 09:00", "09 09:00"},
		{"the hour that the remarks of a row begin with", "Crimes of the week\n\n| Date | Village | Road | Type | Remarks |\n| 10/03/2020 | Scole | Mill Road | Shoplifting | 15:40. Alcohol, staff out at 15:50 |\n", "Mill Road, Scole", "10 15:40", "10 15:40"},
		{"day two of a week", "Our week, beginning Monday 9 March 2020\n\nDay two: at 2.20pm a satnav was stolen from a lorry in Mill Road, Scole.\n", "Mill Road, Scole", "10 14:20", "10 14:20"},
		{"a working day", "A house in Mill Road, Scole, was entered between 7.40 and 5.15 on Tuesday 10 March 2020.\n", "Mill Road, Scole", "10 07:40", "10 17:15"},
		{"an hour after midnight of a night", "Calls, Scole, night of 9/10 March 2020\n\n2015 All quiet.\n0245 Shed entered, Mill Road, Scole. Saw stolen.\n", "Mill Road, Scole", "10 02:45", "10 02:45"},
		{"overnight in a line of the morning", "CALLS SINCE 0600 ON 10/03/2020 - SCOLE\n\n0705 MILL ROAD - VAN BROKEN INTO O/N, POWER TOOLS\n0810 NOTHING FURTHER\n", "MILL ROAD, SCOLE", "09 20:00", "10 08:00"},
		{"who did it, in capitals", "CALLS, SCOLE, 10/03/2020\n\n1755 MILL ROAD - MALE SHOPLIFTER DETAINED BY STAFF\n1801 NOTHING FURTHER\n", "MILL ROAD, SCOLE", "10 17:55", "10 17:55"},
		{"the date of roadworks is no day of the rest", "20 March 2020\n\nRoadworks in Back Lane begin on 10 April and last until 1 May.\n\nA shed was entered in Mill Road, Scole, at 6.10am on Friday.\n", "Mill Road, Scole", "20 06:10", "20 06:10"},
		{"when it was still full", "Heating oil was stolen at Main Street, Scole, discovered on 12 March 2020; the tank was full on 10 March 2020.\n", "Main Street, Scole", "10 00:00", "13 00:00"},
		{"when they were gone", "Ewes were taken from a field in Mill Road, Scole. The farmer last counted them at 7am on Friday 6 March 2020; when he went to move them at 6.30pm on Monday 9 March they were gone.\n", "Mill Road, Scole", "06 07:00", "09 18:30"},
		{"when somebody came to tell", "On Sunday 8 March 2020, as I put the bins out at a quarter past nine in the evening, Tom came by to tell me that his bike had gone from Station Road, Scole, while he had his tea, between six and seven.\n", "Station Road, Scole", "08 18:00", "08 19:00"},
		{"what a road is off", "A ewe was taken in Mill Road, Scole, off Station Road, at 6.30pm on Monday 9 March 2020.\n", "Mill Road, Scole", "09 18:30", "09 18:30"},
		{"hours to 24", "The cells were full by 21.30.\n\nA satnav was stolen in Mill Road, Scole, at 7.20 on Tuesday 10 March 2020.\n", "Mill Road, Scole", "10 07:20", "10 07:20"},
		{"the title of a night", "NIGHT TURN HANDOVER - NORTH DEVON - MON 9 MAR 2020 INTO TUE 10 MAR 2020\n\n2112 CAD 711 All quiet.\n0026 CAD 12 MILL ROAD, SCOLE. Window smashed.\n", "MILL ROAD, SCOLE", "10 00:26", "10 00:26"},
		{"the title of a turn", "LATE TURN SUMMARY - SCOLE - TUESDAY 10 MARCH 2020\nShift: 1400-2400\n\nCAD 902  2115  MILL ROAD, SCOLE. Window smashed.\nCAD 914  2130  Nothing further.\n", "MILL ROAD, SCOLE", "10 21:15", "10 21:15"},
		{"the title of a table", "Mid and Easter Ross, extract run 11/03/2020 0705\nRef\tType\tStreet\tTown\tFrom\tTo\n1\tTheft\tMill Road\tScole\t10/03/2020 1000\t10/03/2020 1100\n", "Mill Road, Scole", "10 10:00", "10 11:00"},
		{"when the remarks of a row say", "Log of the week\nNO|DATE|TIME|TYPE|LOCATION|REMARKS\n7|10/03/2020|09:35|BURGLARY|MILL ROAD, SCOLE|BETWEEN 18:00 09/03 AND 09:15 10/03. OFFICERS LEFT 10:40\n", "MILL ROAD, SCOLE", "09 18:00", "10 09:15"},
		{"last seen and gone", "Log of the week\nNO|DATE|TIME|TYPE|LOCATION|REMARKS\n7|10/03/2020|09:35|THEFT|MILL ROAD, SCOLE|LAST SEEN 22:00 09/03, GONE 07:45 10/03\n", "MILL ROAD, SCOLE", "09 22:00", "10 07:45"},
		{"strokes part an entry", "EXTRACT PRODUCED 20-MAR-20\n\n[0180] 10-MAR-20 0945HRS  MILL ROAD, SCOLE // THEFT - TRAILER IN BARNS, TBT 0800-0900 TODAY // OBS PASSED\n[0188] 10-MAR-20 1015HRS  BACK LANE, SCOLE // NOISE - PARTY NEXT DOOR // ADVICE\n", "MILL ROAD, SCOLE", "10 08:00", "10 09:00"},
		{"when it was fine", "Ranger log, Tuesday 10 March 2020\n\n[10:20] Mill Road, Scole. Deckchairs slashed; owner says they were fine at 22:00.\n[11:00] All quiet.\n", "Mill Road, Scole", "09 22:00", "10 10:20"},
		{"clocks in brackets", "*** B TURN NIGHTS *** Monday 9th - Tuesday 10th March 2020 *** SCOLE ***\n\n(2140) Inc 501 Mill Road, Scole: shop window kicked in.\n(0210) Inc 21 all quiet.\n", "Mill Road, Scole", "09 21:40", "09 21:40"},
		{"a clock before its date", "Overnight jobs, 10 March 2020\n\n- 0115 10/3 Mill Road, Scole, house entered, car keys taken\n- 0400 10/3 all quiet\n", "Mill Road, Scole", "10 01:15", "10 01:15"},
		{"an ordinal after a dash", "Crimes in March 2020\n\nCarbrooke\nMill Road - 10th, 3.30am, attempted burglary\nBack Lane - none\n", "Mill Road, Carbrooke", "10 03:30", "10 03:30"},
	} {
		reports, _ := Read(tt.text, o)
		if len(reports) != 1 {
			t.Errorf("%s: %d reports", tt.name, len(reports))
			continue
		}
		r := reports[0]
		if from, to := r.From.Format("02 15:04"), r.To.Format("02 15:04"); r.Location != tt.place || from != tt.from || to != tt.to {
			t.Errorf("%s: %s, %s to %s", tt.name, r.Location, from, to)
		}
	}
}

// told are the incidents that a text tells of, each by its place, its begin and its end, in
// these forms.
func told(text string, o Settings, from, to string) string {
	reports, _ := Read(text, o)
	var all []string
	for _, r := range reports {
		all = append(all, r.Location+r.From.Format(from)+r.To.Format(to))
	}
	return strings.Join(all, "; ")
}

// tells fails for each text, received on 20 March 2020, that tells of other incidents than
// those beside it, in these forms.
func tells(t *testing.T, from, to string, texts map[string]string) {
	t.Helper()
	o := settings(t)
	o.Received = time.Date(2020, 3, 20, 0, 0, 0, 0, time.UTC)
	for text, want := range texts {
		if s := told(text, o, from, to); s != want {
			t.Errorf("%q: got %s, want %s", text, s, want)
		}
	}
}

// What stands for a street or a day that was named before is that street or day.
func TestReferred(t *testing.T) {
	tells(t, " 02 15:04", "", map[string]string{
		"Two sheds in Scole were entered, one in Mill Road and one in Back Lane. In the former a saw was taken at 3am on Monday 9 March 2020; in the latter a drill went at 4am on Tuesday 10 March 2020.\n":                                                           "Mill Road, Scole 09 03:00; Back Lane, Scole 10 04:00",
		"Sun. 8 March 2020   7.0 p.m.    Mill Road, Scole    saw\n  \"                 9.30 p.m.   Back Lane,  \"         drill\n":                                                                                                                                     "Mill Road, Scole 08 19:00; Back Lane, Scole 08 21:30",
		"Mon 9 March 2020\nMill Road, Scole, 1300 hrs. Shed entered.\n\nTue 10 March 2020\nDitto, 0910 hrs. Shed entered.\n":                                                                                                                                           "Mill Road, Scole 09 13:00; Mill Road, Scole 10 09:10",
		"9th March 2020: Mill Road, Scole, 22:10, fence set alight, and Back Lane, Scole, 22:40, a gate burnt\n11th March 2020: nil\n":                                                                                                                                 "Mill Road, Scole 09 22:10; Back Lane, Scole 09 22:40",
		"Vans in Corve Street, Ludlow, were scratched between 11pm on Saturday 7 March 2020 and 6.30am on Sunday. Over the same hours a bin was smashed in Dinham, by the castle.\n\nA van in Mill Road, Craven Arms, was entered at 9.20am on Monday 9 March 2020.\n": "Corve Street, Ludlow 07 23:00; Dinham, Ludlow 07 23:00; Mill Road, Craven Arms 09 09:20",
		"Meters in Claypath, Elvet Street and Neville Street, Durham, were forced on Monday 9 March 2020 at 1.05am, 1.30am and 1.50am respectively.\n":                                                                                                                 "Claypath, Durham 09 01:05; Elvet Street, Durham 09 01:30; Neville Street, Durham 09 01:50",
	})
}

// A record of keys is read by its keys, in whatever marks it stands.
func TestRecordOfKeys(t *testing.T) {
	o := settings(t)
	for text, want := range map[string]string{
		"id=7 type=theft_cycle loc=\"Mill Street\" town=\"Holt\" start=2020-01-20T18:30 end=2020-01-20T19:15\n":                              "Mill Street, Holt 18:30 19:15",
		"#0318 created=20-JAN-2020/21:10 type=BURG loc=Mill Street, Holt occurred=20-JAN-2020/18:30 to 20-JAN-2020/19:15 note=rear window\n": "Mill Street, Holt 18:30 19:15",
		"#0318 created=20/01/2020 21:10 type=BURG loc=Mill Street, Holt occurred=20/01/2020 18:30 to 20/01/2020 19:15 note=rear window\n":    "Mill Street, Holt 18:30 19:15",
		"id=7; type=theft; st=Mill Street; twn=Holt; beg=20200120T1830; end=20200120T1915; res=open\n":                                       "Mill Street, Holt 18:30 19:15",
		"- id=7; type=theft; st=Mill Street; twn=Holt; beg=20200120T1830; end=20200120T1915\n":                                               "Mill Street, Holt 18:30 19:15",
		"Ref 44; Reported: 20/01/2020 21:10; Where: Mill Street, Holt; When: 20/01/2020, 18:30 to 19:15; What: theft of trailer\n":           "Mill Street, Holt 18:30 19:15",
		"Type: Theft | Location: Mill Street, Holt | From: 20/01/2020 18:30 | To: 20/01/2020 19:15 | Reported: 20/01/2020 21:10\n":           "Mill Street, Holt 18:30 19:15",
		"Log: id=7; type=theft; st=Mill Street; twn=Holt; beg=20200120T1830; end=20200120T1915\n":                                            "",
		"20JAN20/1830-1915/MILL STREET, HOLT/THEFT CYCLE/BLUE RALEIGH\n20JAN20/2000/HIGH STREET, HOLT/DAMAGE/NIL\n":                          "MILL STREET, HOLT 18:30 19:15",
	} {
		got := ""
		if reports, _ := Read(text, o); len(reports) > 0 {
			got = reports[0].Location + reports[0].From.Format(" 15:04") + reports[0].To.Format(" 15:04")
		}
		if want != "" && got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

// Rules between the parts of a text are no blocks of their own, however many there are; a
// line under a heading is.
func TestRulesAreNoBlocks(t *testing.T) {
	for text, want := range map[string]int{
		strings.Repeat("-\n", 1000):                       0,
		"Holt\n\n-----\n=====\n\nA shed was entered.\n":   2,
		"Monday 2 March\n=====\n10am Mill Street, Holt\n": 3,
	} {
		if got := len(splitBlocks(t.Context(), text)); got != want {
			t.Errorf("%.30q has %d blocks, want %d", text, got, want)
		}
	}
}

// A car park, a pier and the like are where it happened as a street is, however they stand
// to their settlement; what has a street of its own is told by that.
func TestGrounds(t *testing.T) {
	const at = " 10 13:00 15:00"
	tells(t, " 02 15:04", " 15:04", map[string]string{
		"A window of a van was smashed at the Larch Tarn car park in Scole between 1pm and 3pm on Tuesday 10 March 2020.\n":             "Larch Tarn car park, Scole" + at,
		"- Tues 10 March 2020, 1pm to 3pm - Quarry Bank car park, Scole. Window of a van smashed.\n- Wed 11 March 2020: nil\n":          "Quarry Bank car park, Scole" + at,
		"- Wed 11 March 2020: nil\n- Tues 10 March 2020, Scole, Gallows Hill car park, between 1pm and 3pm: window of a van smashed\n":  "Gallows Hill car park, Scole" + at,
		"1) 10.03.20 Diss - Physic Garden car park. 1300 to 1500 hrs. Theft from m/v, handbag.\n\n2) 11.03.20 Diss - Mill Road. Nil.\n": "Physic Garden car park, Diss" + at,
		"Ref: 44\nType: Theft\nLoc: Black Sail Mine car park, Scole\nStart: 2020-03-10 13:00\nEnd: 2020-03-10 15:00\n":                  "Black Sail Mine car park, Scole" + at,
		"no;start;end;town;street;what\n1;10/03/2020 13:00;10/03/2020 15:00;Diss;Back Moor car park;theft from vehicle\n":               "Back Moor car park, Diss" + at,
		"Tuesday 10 March 2020\nBetween 1300 and 1500: Blakeney Quay car park. Rear light of a van broken.\n":                           "Blakeney Quay car park" + at,
		"A dinghy was stolen from Tolver Jetty, Scole, between 1pm and 3pm on Tuesday 10 March 2020.\n":                                 "Tolver Jetty, Scole" + at,
		"A van was broken into in the Lidl car park in Mill Road, Scole, between 1pm and 3pm on Tuesday 10 March 2020.\n":               "Mill Road, Scole" + at,
		"A van was broken into in Mill Road car park, Scole, between 1pm and 3pm on Tuesday 10 March 2020.\n":                           "Mill Road, Scole" + at,
	})
}

// A county's town behind a street is its settlement, not the county of the one named before.
func TestCountyTowns(t *testing.T) {
	tells(t, "", "", map[string]string{
		"BALLINASLOE DISTRICT\nOn 10/03/2020 at 2pm a till was stolen from a shop on Society Street, Ballinasloe.\nOn 11/03/2020 at 3pm a till was stolen from a shop on Prospect Hill, Galway.\n": "Society Street, Ballinasloe; Prospect Hill, Galway",
		"SLIGO DIVISION\n\nHigh Street, Sligo: a door was broken on 11/03/2020.\n":                   "High Street, Sligo",
		"A till was stolen from a shop on Dublin Street, Tullow, Carlow, at 2pm on 10 March 2020.\n": "Dublin Street, Tullow, Carlow",
	})
}

// A heading of two days holds for the night between them, line by line, and a later heading
// for the next; when the log was copied is no day of it.
func TestHeadingsOfNights(t *testing.T) {
	lines := func(a, b string) string {
		return a + "\n2200 On duty.\n2215 Mill Road, Scole. Shop window smashed.\n0040 Back Lane, Diss. Till stolen.\n\n" + b + "\n2200 On duty.\n2250 Mere Street, Diss. Bag stolen.\n0155 Low Road, Roydon. Van window smashed.\n0600 Off duty.\n"
	}
	const want = "Mill Road, Scole 06 22:15; Back Lane, Diss 07 00:40; Mere Street, Diss 07 22:50; Low Road, Roydon 08 01:55"
	tells(t, " 02 15:04", "", map[string]string{
		"DUTY BOOK, WAVENEY NIGHTS - copy for the parish, 8 March 2020\n\n" + lines("NIGHTS FRI 6 / SAT 7 MARCH", "NIGHTS SAT 7 / SUN 8 MARCH"): want,
		"Station log, copied 9 March 2020\n\n" + lines("Night shift Fri 6 - Sat 7 March", "Night shift Sat 7 - Sun 8 March"):                    want,
		"Station log\n\n" + lines("Night of Friday 6/Saturday 7 March 2020", "Night of Saturday 7/Sunday 8 March 2020"):                         want,
		"Station log, copied 9 March 2020\n\n" + lines("Fri 6 March into Sat 7 March", "Sat 7 March into Sun 8 March"):                          want,
	})
}

// A weekday and a number that no month follows are a day of the month that the text is of.
func TestBareDays(t *testing.T) {
	tells(t, " 02 15:04", " 02 15:04", map[string]string{
		"Watch notes, 20 March 2020\n\nThe list for March:\n\n* Sat 7: Mill Road, Scole. Till stolen at 11.20am.\n\n* Tues 10: Back Lane, Diss. Purse taken between 1pm and 3pm.\n": "Mill Road, Scole 07 11:20 07 11:20; Back Lane, Diss 10 13:00 10 15:00",
		"Watch notes, 20 March 2020\n\n* Fri 6 - Sat 7: Mill Road, Scole. Lights taken overnight.\n\n* Tues 10, 5pm, to Wed 11, 8am: Back Lane, Diss. Chalet broken into.\n":        "Mill Road, Scole 06 20:00 07 08:00; Back Lane, Diss 10 17:00 11 08:00",
		"Period: 6 to 13 March 2020\n\nDISS\nMere Street. Shed entered between Sun 8 (1800) and Mon 9 (0715). Saw taken.\nBack Lane. Bench broken on Sat 7, 0130 to 0215.\n":        "Mere Street, DISS 08 18:00 09 07:15; Back Lane, DISS 07 01:30 07 02:15",
	})
}

// What is told twice, and what only looks like a place, is no incident of its own.
func TestToldOnce(t *testing.T) {
	tells(t, " 02 15:04", "", map[string]string{
		"[10/03/2020, 07:51:20] Una: Somebody was in the back yard at Mill Street, Scole at 4 this morning. Door forced.\n[11/03/2020, 19:22:31] Rab: Van window smashed on Back Lane, Diss today between 2 and quarter to 4.\n[12/03/2020, 14:15:55] Una: Update on the yard in Mill St. CCTV shows one man. Police have it\n":                 "Mill Street, Scole 10 04:00; Back Lane, Diss 11 14:00",
		"20 March 2020\n\nOn Friday 6 March they were in Diss. At about 7.30pm a van was started up and driven off from Mere Street with the owner indoors.\n":                                                                                                                                                                                  "Mere Street, Diss 06 19:30",
		"[10/03/2020, 09:05:16] Una: Last night between 7 and 9 our garage was broken into - Mill Road, Scole. Drill gone\n[10/03/2020, 09:07:44] Rab: Sorry to hear that Una\n":                                                                                                                                                                "Mill Road, Scole 09 19:00",
		"[10/03/2020, 09:05:16] Una: Garage broken into on Mill Road, Scole last night between 7 and 9.\n[11/03/2020, 08:02:13] Rab: Meeting Thursday 7pm in the Corn Hall, all welcome\n":                                                                                                                                                      "Mill Road, Scole 09 19:00",
		"20 March 2020\n\nA house in Mill Road, Scole, was broken into on Sunday 8 March between 10.45am and 12.15pm. The owners were at Mass.\n":                                                                                                                                                                                               "Mill Road, Scole 08 10:45",
		"Whitby town patch - what came in, 1st to 14th March 2020 (Whitby where not said)\nSent 15/03/2020\n\n– Mon 2nd, 19:40, Baxtergate: mirrors kicked off two cars\n– Fri 6th, about 6.50pm, Skinner Street: firework thrown at a bus\n– Sat 7th, 2.15am, Haggersgate: man punched\n– Sun 8th, 3pm, Sleights, Coach Road: trailer taken\n": "Baxtergate, Whitby 02 19:40; Skinner Street, Whitby 06 18:50; Haggersgate, Whitby 07 02:15; Coach Road, Sleights 08 15:00",
	})
}

// A record or an entry whose result is that there was no crime is none, nor is a row of a list
// of meetings; the others of the text are read.
func TestResults(t *testing.T) {
	tells(t, " 02 15:04", "", map[string]string{
		"Records, Scole, 11 March 2020\n\nCategory: Burglary\nLocation: Mill Road, Scole\nAt: 10/03/2020 14:10\nOutcome: No crime, the tenant had let himself in\n========\nCategory: Theft\nLocation: Back Lane, Scole\nAt: 10/03/2020 16:10\nOutcome: Under investigation\n": "Back Lane, Scole 10 16:10",
		"id=1 when=2020-03-10T14:10 street=\"Mill Road\" town=Scole type=burglary status=cancelled\nid=2 when=2020-03-10T16:10 street=\"Back Lane\" town=Scole type=theft status=open\n":                                                                                       "Back Lane, Scole 10 16:10",
		"CONTROL LOG 10/03/2020\n\n0101 1410hrs MILL ROAD, SCOLE - Bicycle taken by daughter. LOST PROPERTY\n0102 1610hrs BACK LANE, SCOLE - Cycle stolen from rack. CRIMED: theft\n":                                                                                          "BACK LANE, SCOLE 10 16:10",
		"Crimes of the week\n\n| Date | Time | Street | Town | What |\n|---|---|---|---|---|\n| 10/03/2020 | 14:10 | Mill Road | Scole | Shed entered |\n\n| Date | Time | Venue | Activity |\n|---|---|---|---|\n| 14/03/2020 | 14:10 | Station Road, Scole | Tombola |\n":    "Mill Road, Scole 10 14:10",
		"Crimes of the week\n\nOffence: Shed entered\nWhere: Mill Road, Scole\nWhen: 10/03/2020 14:10\n\nMeeting: Coffee with Pat\nWhere: Back Lane, Scole\nWhen: 12/03/2020 14:10\n":                                                                                          "Mill Road, Scole 10 14:10",
	})
}

// Lines that begin with a stamp are entries, whatever lines of remarks stand around them.
func TestStampedLines(t *testing.T) {
	tells(t, " 02 15:04", "", map[string]string{
		"# public feed\n# time, type, block, community, disposition\n2020-03-10 14:10, TRAFFIC STOP, Mill Road, Scole, warning\n2020-03-10 16:10, THEFT, Back Lane, Scole, report taken\n# end of feed\n": "Back Lane, Scole 10 16:10",
		"; county feed\n; stamp, call, street, town, result\n2020-03-10T14:10Z, WELFARE CHECK, Mill Road, Scole, concluded\n2020-03-10T16:10Z, THEFT, Back Lane, Scole, report taken\n; end\n":            "Back Lane, Scole 10 16:10",
		"time,type,block,community,disposition\n2020-03-10 16:10,THEFT,Back Lane,Scole,report taken\n2020-03-11 16:10,PATROL,Mill Road,Scole,all quiet\n":                                                 "Back Lane, Scole 10 16:10",
	})
}

// A table may give the day of the month alone, under a title that gives the month; that is no
// town, though there is a March.
func TestDayColumn(t *testing.T) {
	tells(t, " 02 15:04", "", map[string]string{
		"Crimes in Scole, March 2020\n\n| Day | Time | Street | Type |\n|---|---|---|---|\n| 3 | 14:10 | Mill Road | Theft |\n| 12 | 19:00 | Back Lane | Burglary |\n":                           "Mill Road, Scole 03 14:10; Back Lane, Scole 12 19:00",
		"MARCH 2020 - DISS AND SCOLE\n\nDate,Start,End,Road,Parish,Crime\n3,1410,1500,Mill Road,Scole,Theft\n12,1900,2115,Back Lane,Diss,Burglary\n":                                             "Mill Road, Scole 03 14:10; Back Lane, Diss 12 19:00",
		"Parish\tDay\tTime\tLocation\tOffence\n(Waveney Valley South, March 2020, run 19/03/2020)\nSCOLE\t3\t1410\tMill Road\tTheft\nDISS\t-\t-\t-\tNil\nSCOLE\t12\t1900\tBack Lane\tBurglary\n": "Mill Road, SCOLE 03 14:10; Back Lane, SCOLE 12 19:00",
		"Crimes in Scole, March 2020\n\n* Mill Road, theft, 3 March, 14:10\n* Back Lane, burglary, 12 March, 19:00\n":                                                                            "Mill Road, Scole 03 14:10; Back Lane, Scole 12 19:00",
	})
}
