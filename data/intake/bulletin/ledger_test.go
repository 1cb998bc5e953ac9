package bulletin

import (
	"context"
	"errors"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"spreewatch/data"
)

// planted are real names of streets and settlements; what happens there is
// invented.
var (
	plantedStreets = strings.Split("Abbey Court|May Close|Tuesday Market Place|The Street|Lady Betty Road|Pottergate|St Peter's Road|Back Lane|Friars' Lane|Coach And Horses Lane|All Saints Green|Three Score Road|Bank Plain|A1065|Sir Alfred Munnings Road", "|")
	plantedTowns   = strings.Split("Holt|Melton Constable|Wells-next-the-Sea|March|King's Lynn|Spooner Row|Great Snoring|Thorpe St Andrew", "|")
)

// templates are sentences and lines in which braces hold the places and times.
var templates = strings.Split(`A shed was entered in {%s}, {%t}, at {10am} on {3 March 2020}.
No crimes were reported in {%s}, {%t}, on {3 March 2020}.
Were you in {%s}, {%t}, between {10am and noon} on {3 March 2020}?
A man of {%s}, {%t}, was jailed at Norwich Crown Court on {3 March 2020}.
The parish council meets in {%s}, {%t}, at {7pm} on {3 March 2020}.
Speed checks were held in {%s}, {%t}, between {8am and 9am} on {3 March 2020}.
"I was in {%s}, {%t}, at {10am}," said one neighbour.
- {%s}, {%t} - {3 March 2020}, {0915hrs} - theft
{%t}: a van was taken from {%s} {overnight on 3 March 2020}.
{03/03/2020} | {2215} | {%s} | {%t} | Burglary
Location: {%s}, {%t}`, "\n")

// fill puts names into a template and returns the text and the spans of its braces.
func fill(template, street, town string) (string, [][2]int) {
	var text strings.Builder
	var spans [][2]int
	open := 0
	for _, r := range strings.NewReplacer("%s", street, "%t", town).Replace(template) {
		switch r {
		case '{':
			open = text.Len()
		case '}':
			spans = append(spans, [2]int{open, text.Len()})
		default:
			text.WriteRune(r)
		}
	}
	return text.String(), spans
}

// unaccounted returns the words of a text that the ledger does not hold whole, or does
// not say the end of: each ends in a report that exists, or has a reason.
func unaccounted(text string, spans [][2]int, o Settings) []string {
	reports, _, ledger, _ := Explain(context.Background(), text, o)
	var out []string
	for _, s := range spans {
		covered := make([]bool, s[1]-s[0])
		fate := ""
		for _, e := range ledger {
			for i := max(e.Start, s[0]); i < min(e.End, s[1]); i++ {
				covered[i-s[0]] = true
			}
			if e.Start < s[1] && e.End > s[0] && (e.Fate == "not settled" || e.Fate == "" && len(reports) == 0) {
				fate = "without an end: "
			}
		}
		for i, c := range covered {
			// the small words before a time may stand outside it
			if word := text[s[0]+i] != ' '; !c && word && (i+1 == len(covered) || covered[i+1] || fate != "") {
				fate = "not in the ledger: "
			}
		}
		if !slices.Contains(covered, true) {
			fate = "not in the ledger: "
		}
		if fate != "" {
			out = append(out, fate+text[s[0]:s[1]])
		}
	}
	return out
}

// A time that would end before it begins gives no report, and nothing is left without an end.
func TestEndBeforeBegin(t *testing.T) {
	o := settings(t)
	o.Received = time.Date(2020, 1, 22, 0, 0, 0, 0, time.UTC)
	const text = "-appeal\tappeal\tPolice wish to identify the male in the photo, who was in Windmill Street on 3 May at 4pm.\n-advice\tadvice\tStudents in Egerton Road are reminded to shut ground-floor windows when out.\n" +
		"-acycles\tnothing\tCycle thefts Romsey - none Mon to Thurs. a record\n-acycles\tok\tTrike belonging to disabled lad taken from yard of Ross St ctr o/n, gate lifted off\n"
	checkText(t, text, o)
}

// Every street, settlement and time of a text stands in the ledger, in a report or
// with the reason why not, whatever is put beside what.
func TestNothingIsLost(t *testing.T) {
	o := settings(t)
	o.Received = time.Date(2020, 3, 5, 0, 0, 0, 0, time.UTC)
	for a, one := range templates {
		for b, two := range templates {
			for k := range plantedStreets {
				if (k+a+b)%3 != 0 {
					continue // each pair of templates with a third of the names, each name with a third of the pairs
				}
				text, spans := fill(one, plantedStreets[k], plantedTowns[(k+a)%len(plantedTowns)])
				more, others := fill(two, plantedStreets[(k+a+2*b+1)%len(plantedStreets)], plantedTowns[(k+b+3)%len(plantedTowns)])
				text += "\n\n"
				for _, s := range others {
					spans = append(spans, [2]int{s[0] + len(text), s[1] + len(text)})
				}
				text += more + "\n"
				for _, lost := range unaccounted(text, spans, o) {
					t.Errorf("%q: %s", text, lost)
				}
			}
		}
	}
}

// The same holds of the real names of a county, each in one text.
func TestNoRealNameIsLost(t *testing.T) {
	o := settings(t)
	o.Received = time.Date(2020, 3, 5, 0, 0, 0, 0, time.UTC)
	streets, towns := realNames(t, "police_norfolk/norfolk_street_points.csv", 0), realNames(t, "geonames/norfolk_places.csv", 0)
	lost, all := 0, 0
	for i, street := range streets {
		if strings.HasPrefix(street, "No ") {
			continue
		}
		text, spans := fill(templates[i%len(templates)], street, towns[i%len(towns)])
		all += len(spans)
		for _, s := range unaccounted(text+"\n", spans, o) {
			lost++
			t.Logf("%q: %s", text, s)
		}
	}
	t.Logf("%d of %d names and times are lost", lost, all)
	if lost*1000 > all {
		t.Errorf("%d of %d names and times are lost", lost, all)
	}
}

// What is no incident gives none.
func TestNothingIsInvented(t *testing.T) {
	o := settings(t)
	o.Received = time.Date(2020, 3, 5, 0, 0, 0, 0, time.UTC)
	for _, i := range []int{1, 2, 3, 4, 5, 6} {
		invented := 0
		for k, s := range plantedStreets {
			text, _ := fill(templates[i], s, plantedTowns[k%len(plantedTowns)])
			if reports, _ := Read(text, o); len(reports) > 0 {
				invented++
				t.Logf("%q gave %s", text, reports[0].Location)
			}
		}
		if invented > 0 {
			t.Errorf("%d incidents of %d from %q", invented, len(plantedStreets), templates[i])
		}
	}
}

// spent is the CPU time of the process.
func spent(t *testing.T) time.Duration {
	t.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// No input takes more work than its length allows: eight times the text takes less
// than 24 times the CPU time, which a machine busy with other things does not change
// as it does the clock's. What is done at once proves it by itself.
func TestHostileTexts(t *testing.T) {
	o := settings(t)
	for _, s := range []string{"(", ",", "Mill Street, ", "3 March 2020, ", "at 10am ", "A ", "\n- ", "Holt: ", "and ", "|", "\"", "the ", "Mill Street and ", "10 to ", "o/n ", "overnight ", "between ", "from the ", "a  b  ", "a\tb\t", "Street   ",
		"\nPost 3 March 2020\nIn Mill Road at 10am\n", "\nSent: 3 March 2020\nMill Road\n", "\n10am Mill Road", "\n[13/09/2022, 21:14] Pam: in Mill Road", "\nKind regards\n"} {
		took := func(n int) time.Duration {
			text := strings.Repeat(s, n)
			began := spent(t)
			Read(text, o)
			return spent(t) - began
		}
		large := took(6000)
		if large < 100*time.Millisecond {
			continue
		}
		if small := min(took(750), took(750), took(750)); large > 24*small {
			t.Errorf("%q: 750 times in %v, 6,000 times in %v", s, small, large)
		}
	}
}

// A reading ends with its context, within a part of the work that the text is, one
// line or many, and says so: an eighth of the text read whole is the measure, so that a
// slow machine is no slow stop.
func TestStopped(t *testing.T) {
	o := settings(t)
	for _, s := range []string{"A shed was entered in Mill Street, Holt, at 10am on 3 March 2020. ", "\n- Mill Street, Holt, 10am on 3 March 2020", "Mill Street, "} {
		n := 4 << 20 / len(s)
		began := spent(t)
		Read(strings.Repeat(s, n/8), o)
		eighth := spent(t) - began
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(20*time.Millisecond, cancel)
		began = spent(t)
		_, _, _, err := Explain(ctx, strings.Repeat(s, n), o)
		if took := spent(t) - began; !errors.Is(err, context.Canceled) || took > 2*eighth {
			t.Errorf("%.20q: %v after %v, an eighth of it in %v", s, err, took, eighth)
		}
	}
}

// A date after a told incident that nothing takes is listed, not lent in silence.
func TestSecondDate(t *testing.T) {
	o := settings(t)
	o.Received = time.Date(2021, 9, 14, 0, 0, 0, 0, time.UTC)
	for text, want := range map[string]int{
		"A moped was stolen from Mill Road, Shipdham at 11pm on 8 September, with a second attempt made on 10 September.\n":                                                                                    1,
		"A flat in Mill Road, Shipdham, was entered on Monday 6 September between 9am and noon. On Friday 10 September, between 2pm and 3pm, while the owner was out, somebody helped himself to the radio.\n": 1,
		"A moped was stolen from Mill Road, Shipdham at 11pm last night (13 September).\n":                                                                                                                     0,
		"Two thefts of logs were reported from Mill Road, Shipdham, one on 8 September and one on 10 September.\n":                                                                                             0,
		"A moped was stolen from Mill Road, Shipdham at 11pm on 8 September, and on 10 September a van from The Street, Ashill.\n":                                                                             0,
	} {
		_, refused := Read(text, o)
		if len(refused) != want {
			t.Errorf("%q lists %d lines, want %d", text, len(refused), want)
		}
	}
}

// What a list or a story gives a place and a day, and no report, is listed: none is lost in
// silence.
func TestListsWhatGivesNoReport(t *testing.T) {
	for _, text := range []string{
		"Shop watch, 27 April 2018\n\n- Corve Street, Ludlow. Whisky taken, 23/4, 11.05.\n- Farm shop at Bromfield. Cheese (whole). 26/4, time not known.\n- Bull Ring, Ludlow. Jacket taken, 24/4, 2pm.\n",
		"Watch note, 14 February 2025\n\n\nOn Tuesday a bin was set on fire in Strawberry Way, Wells. That was at 6.30pm.\nThe next morning, at 8.50am, the lady at the corner house there found words sprayed across her fence.\n",
	} {
		reports, refused := Read(text, settings(t))
		if len(reports) == 0 || !slices.ContainsFunc(refused, func(e *data.RowError) bool { return e.Line >= 4 && e.Line <= 5 && e.Unread }) {
			t.Errorf("%d reports, %v listed of\n%s", len(reports), refused, text)
		}
	}
}
